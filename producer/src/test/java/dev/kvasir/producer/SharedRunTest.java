package dev.kvasir.producer;

import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.ShardTaken;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanText;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.shard.Generators;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.producer.workload.Workloads;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One open loop, sent by three generators in processes of their own. */
class SharedRunTest {

  private static final Duration PATIENT = Duration.ofSeconds(90);

  @TempDir private static Path folder;
  private static TestLog log;
  private static Generators generators;

  @BeforeAll
  static void start() throws Exception {
    log = TestLog.start(folder.resolve("kafka"));
    generators = Generators.start(log.bootstrapServers(), folder, List.of("a", "b", "c"));
  }

  @AfterAll
  static void stop() {
    generators.close();
    log.close();
  }

  @Test
  void itsGeneratorsSendOneScheduleAndGoOnWhenOneDies() throws Exception {
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(3)))) {
      Plan whole = Plans.of("whole", "rates: [40]", server.url(), 160, 2);
      RunFinished finished = execute(whole);
      assertThat(finished.getOutcomes()).isEqualTo(Map.of("OK", 160L));
      assertThat(finished.getVerdict()).isNotIn(Verdict.ABORTED, Verdict.LOSSY);
      assertThat(finished.getRequestsFinished()).isEqualTo(162);
      assertThat(finished.getTokensReceived()).isEqualTo(162 * 3);
      assertThat(due(finished.getRun())).isEqualTo(scheduled(whole));
      assertThat(holders(finished.getRun())).hasSize(3);

      Plan broken = Plans.of("broken", "rates: [20]", server.url(), 400, 0);
      CompletableFuture<RunFinished> running = CompletableFuture.supplyAsync(() -> execute(broken));
      Awaitility.await().atMost(PATIENT).until(() -> sentOf("broken") > 60);
      generators.kill("b");
      RunFinished survived = running.get(3, TimeUnit.MINUTES);

      assertThat(due(survived.getRun())).isEqualTo(scheduled(broken));
      assertThat(survived.getOutcomes().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(400);
      assertThat(survived.getOutcomes()).containsKey("OK");
      assertThat(survived.getReasons())
          .anyMatch(reason -> reason.matches("shard \\d was taken over from b by [ac], epoch 2"));
      List<RequestFinished> ends = ends(survived.getRun());
      assertThat(ends).extracting(RequestFinished::getEpoch).contains(1, 2);
      assertThat(ends)
          .filteredOn(end -> end.getOutcome() == Outcome.ABORTED)
          .allSatisfy(end -> assertThat(end.getError()).contains("its generator died"));
      assertThat(ends.stream().map(RequestFinished::getOrdinal).distinct().count())
          .as("every request ends once")
          .isEqualTo(ends.size())
          .isEqualTo(400);
    }
  }

  private static RunFinished execute(Plan plan) {
    try (Generator coordinator = Generator.open(log.generator(folder).withShards(3))) {
      return Plans.execute(coordinator, plan, PlanText.of(plan), Map.of()).getFirst().finished();
    }
  }

  /** Due times by ordinal, nanoseconds from the schedule's zero, as the events have them. */
  private static Map<Integer, Long> due(long run) {
    long zero =
        of(run, Topic.RUNS, PhaseStarted.class).stream()
            .filter(phase -> phase.getPhase() == Phase.MEASURE)
            .findFirst()
            .orElseThrow()
            .getAt();
    return ends(run).stream()
        .collect(Collectors.toMap(RequestFinished::getOrdinal, end -> end.getDueAt() - zero));
  }

  /** The same as one process lays them out. */
  private static Map<Integer, Long> scheduled(Plan plan) {
    RunSpec spec = Matrix.of(plan).runs().getFirst();
    Workloads workloads = Workloads.load(plan.workloads(), new DatasetFolder(Path.of(".")));
    Schedule schedule = Course.of(spec, spec.prompts(workloads)).schedule();
    long[] due = schedule.dueNanos().toArray();
    return IntStream.range(0, due.length)
        .boxed()
        .collect(Collectors.toMap(ordinal -> ordinal, ordinal -> due[ordinal]));
  }

  private static Set<String> holders(long run) {
    return of(run, Topic.SHARDS, ShardTaken.class).stream()
        .map(ShardTaken::getGenerator)
        .collect(Collectors.toSet());
  }

  private static long sentOf(String experiment) {
    return log.events(Topic.RUNS, RunStarted.class).stream()
        .filter(run -> run.getExperiment().equals(experiment))
        .max(Comparator.comparing(RunStarted::getRun))
        .map(run -> (long) of(run.getRun(), Topic.REQUESTS, RequestSent.class).size())
        .orElse(0L);
  }

  private static List<RequestFinished> ends(long run) {
    return of(run, Topic.REQUESTS, RequestFinished.class).stream()
        .filter(end -> end.getPhase() == Phase.MEASURE)
        .toList();
  }

  private static <T extends SpecificRecord> List<T> of(long run, Topic topic, Class<T> type) {
    return log.events(topic, type).stream().filter(event -> EventRecord.run(event) == run).toList();
  }
}
