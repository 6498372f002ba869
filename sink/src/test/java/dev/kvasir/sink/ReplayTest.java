package dev.kvasir.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunImported;
import dev.kvasir.event.RunLabelled;
import dev.kvasir.event.Verdict;
import dev.kvasir.sink.archive.ArchiveException;
import dev.kvasir.sink.archive.ArchivedRange;
import dev.kvasir.sink.archive.LogArchive;
import dev.kvasir.sink.archive.LogExpiry;
import dev.kvasir.sink.warehouse.Rebuild;
import dev.kvasir.sink.warehouse.SampleRuns;
import dev.kvasir.sink.warehouse.Selection;
import dev.kvasir.sink.warehouse.TableSum;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables come back from the log, and from the archive what has left it. */
class ReplayTest {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long MEMORY = 256L << 20;
  private static final String GROUP = "kvasir-streams";

  @TempDir Path folder;
  private TestLog log;
  private LogArchive archive;

  @BeforeEach
  void startBroker() throws Exception {
    log = new TestLog(folder);
    archive = new LogArchive(folder.resolve("archive"));
  }

  @AfterEach
  void stopBroker() {
    log.close();
  }

  @Test
  void whatWasLoadedComesBackFromTheLog() throws Exception {
    publish(1, 2, 3);
    List<TableSum> before = loaded();

    List<TableSum> after = rebuilt(Selection.ALL);

    assertThat(after).isEqualTo(before);
    assertThat(rows(after)).containsEntry("run_labelled", 3L).containsEntry("run_imported", 3L);
  }

  @Test
  void whatHasLeftTheLogComesBackFromTheArchive() throws Exception {
    publish(1, 2);
    loaded();
    archive.extend(log.bootstrapServers());
    publish(3);
    loaded();
    archive.extend(log.bootstrapServers());
    publish(4);
    List<TableSum> before = loaded();
    everythingWasStreamed();

    Map<TopicPartition, Long> left =
        new LogExpiry(archive, loadedOffsets(), GROUP)
            .expire(log.bootstrapServers(), Long.MAX_VALUE, null);

    assertThat(left.keySet().stream().map(TopicPartition::topic))
        .contains(Topic.TOKENS.topicName(), Topic.REQUESTS.topicName())
        .doesNotContain(Topic.RUNS.topicName());
    assertThat(rebuilt(Selection.ALL)).isEqualTo(before);
    Rebuild.remove(folder.resolve("warehouse.duckdb"));
    assertThat(loaded()).as("a sink that starts on an empty file").isEqualTo(before);
  }

  @Test
  void nothingLeavesTheLogThatSomebodyHasNotRead() throws Exception {
    publish(1);
    Map<TopicPartition, Long> nothingLoaded = Map.of();
    archive.extend(log.bootstrapServers());
    loaded();

    assertThat(expire(nothingLoaded)).as("not loaded").isEmpty();
    assertThat(expire(loadedOffsets()).keySet())
        .as("not streamed")
        .allMatch(partition -> !partition.topic().equals(Topic.TOKENS.topicName()));
    everythingWasStreamed();
    assertThat(
            new LogExpiry(archive, loadedOffsets(), GROUP).expire(log.bootstrapServers(), 0, null))
        .as("too young")
        .isEmpty();
    assertThat(
            new LogExpiry(archive, loadedOffsets(), GROUP)
                .expire(log.bootstrapServers(), Long.MAX_VALUE, 0L)
                .keySet())
        .as("of a run without an end")
        .isNotEmpty()
        .allMatch(partition -> !partition.topic().equals(Topic.REQUESTS.topicName()));
    publish(2);
    loaded();
    everythingWasStreamed();
    long archived = through(Topic.TOKENS);
    assertThat(expire(loadedOffsets())).isNotEmpty();
    assertThat(begins(Topic.TOKENS)).as("not archived").isEqualTo(archived);
  }

  @Test
  void aFileOfTheArchiveThatIsNotWhatWasWrittenIsNamed() throws Exception {
    publish(1);
    loaded();
    archive.extend(log.bootstrapServers());
    everythingWasStreamed();
    expire(loadedOffsets());
    Path damaged;
    try (Stream<Path> files = Files.walk(folder.resolve("archive"))) {
      damaged =
          files
              .filter(file -> file.getFileName().toString().startsWith("kvasir.tokens"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);

    assertThatThrownBy(() -> rebuilt(Selection.ALL))
        .hasRootCauseInstanceOf(Exception.class)
        .hasStackTraceContaining(damaged.getFileName().toString())
        .hasStackTraceContaining(ArchiveException.class.getName());
  }

  @Test
  void aPartIsChosenByRunByTimeAndByOffset() throws Exception {
    publish(1, 2, 3);
    loaded();

    Map<String, Long> one = rows(rebuilt(new Selection(Set.of(2L), null, null, Map.of())));
    Map<String, Long> none =
        rows(rebuilt(new Selection(Set.of(), Long.MAX_VALUE - 1, null, Map.of())));
    Map<String, Long> late = rows(rebuilt(new Selection(Set.of(), null, null, afterTheEnd())));

    assertThat(one).containsEntry("run_started", 1L).containsEntry("request_finished", finished(2));
    assertThat(none).containsEntry("run_started", 3L).containsEntry("request_finished", 0L);
    assertThat(late).containsEntry("run_started", 3L).containsEntry("tokens", 0L);
    assertThat(late.get("request_finished")).isEqualTo(finished(1) + finished(2) + finished(3));
  }

  @Test
  void aPartOfWhatIsNotThereIsRefused() throws Exception {
    publish(1);
    Selection unknownRun = new Selection(Set.of(1L, 99L), null, null, Map.of());
    TopicPartition tokens = new TopicPartition(Topic.TOKENS.topicName(), 99);
    Selection unknownPartition = new Selection(Set.of(), null, null, Map.of(tokens, 0L));
    TopicPartition first = new TopicPartition(Topic.TOKENS.topicName(), 0);
    Selection past = new Selection(Set.of(), null, null, Map.of(first, 1_000_000L));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rebuilt(unknownRun))
        .withMessageContaining("hold no run 99;");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rebuilt(unknownPartition))
        .withMessageMatching("there is no partition 99 of kvasir.tokens, which has \\d+; .*");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rebuilt(past))
        .withMessageMatching("partition 0 of kvasir.tokens ends at offset \\d+, .* at 1000000; .*");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Selection(Set.of(), 2_000_000_000L, 1_000_000_000L, Map.of()))
        .withMessageContaining("since 1970-01-01T00:00:02Z and before 1970-01-01T00:00:01Z");
    assertThat(folder.resolve("rebuilt.duckdb")).doesNotExist();
  }

  /** How many requests of a run have an end. */
  private static long finished(long run) {
    return SampleRuns.requests(run, 30, new Random(run)).stream()
        .filter(RequestFinished.class::isInstance)
        .count();
  }

  /** The end of the tokens. */
  private Map<TopicPartition, Long> afterTheEnd() throws Exception {
    Map<TopicPartition, Long> from = new HashMap<>(offsets(OffsetSpec.latest()));
    from.keySet().removeIf(partition -> !partition.topic().equals(Topic.TOKENS.topicName()));
    return from;
  }

  private void publish(long... runs) {
    for (long run : runs) {
      Random random = new Random(run);
      List<SpecificRecord> events = new ArrayList<>();
      events.add(SampleRuns.started(run, "cpu", "rate=2.5", 1));
      events.add(
          RunImported.newBuilder()
              .setRun(run)
              .setAt(SampleRuns.START)
              .setFormat("vllm")
              .setFile("a.json")
              .setHash("h" + run)
              .setMetadata(Map.of("k", "v"))
              .build());
      events.addAll(SampleRuns.requests(run, 30, random));
      events.add(SampleRuns.finished(run, Verdict.VALID));
      events.add(
          RunLabelled.newBuilder()
              .setRun(run)
              .setAt(SampleRuns.START)
              .setLabels(Map.of("medium", "cpu" + run))
              .setBy("me")
              .build());
      log.publish(events);
      log.publishBytes(
          Topic.TOKENS.topicName(), EventKey.ofRequest(run, 1), new byte[] {1, 2, (byte) run});
    }
  }

  /** What the tables of a sink hold that has loaded everything. */
  private List<TableSum> loaded() throws Exception {
    try (SinkStage sink = SinkStage.start(log.settings(folder))) {
      assertThat(sink.awaitCaughtUp(LIMIT)).isTrue();
    }
    return Rebuild.sums(folder.resolve("warehouse.duckdb"), folder.resolve("exports"), MEMORY);
  }

  private List<TableSum> rebuilt(Selection selection) throws Exception {
    return new Rebuild(log.bootstrapServers(), Registry.embedded(), archive, MEMORY)
        .into(folder.resolve("rebuilt.duckdb"), folder.resolve("exports"), selection, rows -> {});
  }

  private static Map<String, Long> rows(List<TableSum> tables) {
    Map<String, Long> rows = new HashMap<>();
    tables.forEach(table -> rows.put(table.table(), table.rows()));
    return rows;
  }

  private Map<TopicPartition, Long> expire(Map<TopicPartition, Long> loaded) throws Exception {
    return new LogExpiry(archive, loaded, GROUP)
        .expire(log.bootstrapServers(), Long.MAX_VALUE, null);
  }

  /** As if the stream stage had read to the end. */
  private void everythingWasStreamed() throws Exception {
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    offsets(OffsetSpec.latest())
        .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
    log.admin().alterConsumerGroupOffsets(GROUP, ends).all().get();
  }

  private Map<TopicPartition, Long> loadedOffsets() throws Exception {
    return offsets(OffsetSpec.latest());
  }

  private long begins(Topic topic) throws Exception {
    return sum(topic, offsets(OffsetSpec.earliest()));
  }

  private long through(Topic topic) {
    return archive.ranges().stream()
        .filter(range -> range.topic().equals(topic.topicName()))
        .mapToLong(ArchivedRange::through)
        .sum();
  }

  private static long sum(Topic topic, Map<TopicPartition, Long> offsets) {
    return offsets.entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(topic.topicName()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private Map<TopicPartition, Long> offsets(OffsetSpec which) throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (Topic topic : Topic.values()) {
      for (int partition = 0; partition < 4; partition++) {
        asked.put(new TopicPartition(topic.topicName(), partition), which);
      }
    }
    Map<TopicPartition, Long> found = new HashMap<>();
    log.admin()
        .listOffsets(asked)
        .all()
        .get()
        .forEach((partition, offset) -> found.put(partition, offset.offset()));
    return found;
  }
}
