package dev.kvasir.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kvasir.event.RunLabelled;
import dev.kvasir.sink.imports.ImportOptions;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.TopicLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other tools' results through a real log into a real warehouse. */
class ImportTest {

  private static final Path FIXTURES =
      Path.of("../sink/src/test/resources/dev/kvasir/sink/imports/files");
  private static final Set<Topic> WRITTEN = EnumSet.of(Topic.RUNS, Topic.REQUESTS, Topic.TOKENS);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofMillis(50);

  @TempDir Path folder;
  private Session session;

  @BeforeEach
  void start() throws InterruptedException {
    session =
        Session.open(
            Home.at(folder.resolve("home")),
            new PipelineSettings("import", null, TopicLayout.EMBEDDED, 0, null),
            new Timings());
    session.awaitReady();
  }

  @AfterEach
  void stop() {
    session.close();
  }

  private ImportFiles imported() throws IOException, InterruptedException {
    try (LogWriter writer = LogWriter.open(session.log(), "import")) {
      ImportFiles imports = new ImportFiles(session.warehouse(), writer, ImportOptions.NONE);
      try (Stream<Path> files = Files.walk(FIXTURES)) {
        files.filter(Files::isRegularFile).sorted().forEach(imports::read);
      }
      writer.commit();
      assertThat(CatchUp.await(session.log(), session.warehouse(), LIMIT)).isTrue();
      return imports;
    }
  }

  @Test
  void importingTwiceChangesNothingEvenWhenTheLogHasMovedIntoTheArchive() throws Exception {
    ImportFiles first = imported();
    assertThat(first.written()).hasSize(16);
    List<?> before = rows();
    LogEnd end = LogEnd.of(session.log(), WRITTEN);

    ImportFiles again = imported();

    assertThat(again.written()).isEmpty();
    assertThat(again.known()).isEqualTo(16);
    assertThat(again.problems()).hasSameSizeAs(first.problems());
    assertThat(rows()).isEqualTo(before);
    assertThat(LogEnd.of(session.log(), WRITTEN)).isEqualTo(end);

    try (BoundedLog bounded =
        BoundedLog.of(
            session.home(),
            session.log(),
            session::warehouse,
            new BoundedLog.Limits(1, Duration.ZERO, SOON, SOON))) {
      assertThat(bounded.bytes()).isPositive();
      await().atMost(LIMIT).until(() -> left(Topic.REQUESTS) && left(Topic.TOKENS));
    }
    assertThat(left(Topic.RUNS)).isFalse();
    assertThat(rows()).isEqualTo(before);
    assertThat(imported().known()).isEqualTo(16);
  }

  /** Whether records of a topic have left the log. */
  private boolean left(Topic topic) {
    try (var consumer = LogEnd.consumer(session.log(), "test")) {
      return consumer
          .beginningOffsets(LogEnd.partitions(consumer, EnumSet.of(topic)))
          .values()
          .stream()
          .anyMatch(begin -> begin > 0);
    }
  }

  private List<?> rows() {
    return session
        .warehouse()
        .query(
            "SELECT (SELECT count(*) FROM run_started), (SELECT count(*) FROM request_finished), (SELECT count(*) FROM token), (SELECT count(*) FROM result_reported), (SELECT count(*) FROM window_revision)")
        .rows();
  }

  @Test
  void whatWasNotCommittedIsNotInTheLog() throws Exception {
    try (LogWriter writer = LogWriter.open(session.log(), "import")) {
      ImportFiles imports = new ImportFiles(session.warehouse(), writer, ImportOptions.NONE);
      imports.read(FIXTURES.resolve("tools/newest.json"));
      assertThat(imports.written()).hasSize(1);
    }
    assertThat(CatchUp.await(session.log(), session.warehouse(), LIMIT)).isTrue();
    assertThat(session.warehouse().query("FROM run_started").rows()).isEmpty();
    assertThat(imported().written()).hasSize(16);
  }

  @Test
  void labelsAndPhasesReachTheRunsTheyAreSaidOf() throws Exception {
    imported();
    Warehouse warehouse = session.warehouse();
    RunChoice run = RunChoice.of(warehouse, "pd", "nixl").getFirst();
    Path phases =
        Files.writeString(
            folder.resolve("nsys.csv"),
            "run,phase,seconds\n%s,prefill,0.5\n%d,transfer,0.25\nnobody,prefill,1\n%s,prefill,many\n"
                .formatted(run.id(), run.run(), run.id()));
    try (LogWriter writer = LogWriter.open(session.log(), "edit")) {
      writer.write(
          Stream.of(
              RunLabelled.newBuilder()
                  .setRun(run.run())
                  .setAt(1_800_000_000_000_000_000L)
                  .setLabels(Map.of("traffic_direction", "east_west"))
                  .build()));
      PhaseFile file = new PhaseFile(warehouse, writer);
      file.read(phases);
      assertThat(file.written()).isEqualTo(2);
      assertThat(file.problems()).extracting(problem -> problem.line()).containsExactly(4L, 5L);
      writer.commit();
    }
    assertThat(CatchUp.await(session.log(), warehouse, LIMIT)).isTrue();
    assertThat(
            warehouse
                .query("SELECT traffic_direction FROM results WHERE run = $1", run.run())
                .column("traffic_direction"))
        .containsExactly("east_west");
    try (LogWriter writer = LogWriter.open(session.log(), "edit")) {
      PhaseFile again = new PhaseFile(warehouse, writer);
      again.read(phases);
      assertThat(again.written()).isZero();
    }
  }
}
