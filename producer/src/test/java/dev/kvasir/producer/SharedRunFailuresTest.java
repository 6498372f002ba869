package dev.kvasir.producer;

import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.ShardTaken;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanText;
import dev.kvasir.producer.shard.Generators;
import dev.kvasir.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Open loops that two generators share in vain. */
@Tag("long")
class SharedRunFailuresTest {

  private static final Duration PATIENT = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private TestLog log;
  private Generators generators;

  @BeforeEach
  void start() throws Exception {
    log = TestLog.start(folder.resolve("kafka"));
    generators = Generators.start(log.bootstrapServers(), folder, List.of("a"));
  }

  @AfterEach
  void stop() {
    generators.close();
    log.close();
  }

  @Test
  void aGeneratorThatCannotSendItsShareSaysWhyAndTheOthersReachTheServerWhereItIs()
      throws Exception {
    generators.join(log.bootstrapServers(), folder, "b", "nowhere");
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(3)))) {
      Plan plan = Plans.simulated("half", "rates: [40]", 40);

      RunFinished finished = execute(plan, Map.of("s", server.url()));

      assertThat(finished.getVerdict()).isEqualTo(Verdict.ABORTED);
      assertThat(finished.getReasons().getFirst())
          .matches("shard \\d failed at b: the server's address is nowhere; .*");
      assertThat(finished.getOutcomes()).isEqualTo(Map.of("OK", 20L, "NOT_SENT", 20L));
      assertEveryRequestEndedOnce(finished, 40);
    }
  }

  @Test
  void aRunWhoseGeneratorsAllDieIsEnded() throws Exception {
    generators.join(log.bootstrapServers(), folder, "b", "nowhere");
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(3)))) {
      Plan plan = Plans.of("alone", "rates: [1]", server.url(), 100, 0);
      CompletableFuture<RunFinished> running =
          CompletableFuture.supplyAsync(() -> execute(plan, Map.of()));
      Awaitility.await()
          .atMost(PATIENT)
          .until(() -> log.events(Topic.SHARDS, ShardTaken.class).size() == 2);

      generators.kill("a");
      generators.kill("b");
      RunFinished finished = running.get(3, TimeUnit.MINUTES);

      assertThat(finished.getVerdict()).isEqualTo(Verdict.ABORTED);
      assertThat(finished.getReasons())
          .anyMatch(reason -> reason.startsWith("no generator has shared the run for"));
      assertEveryRequestEndedOnce(finished, 100);
    }
  }

  private void assertEveryRequestEndedOnce(RunFinished run, int requests) {
    List<RequestFinished> ends =
        log.events(Topic.REQUESTS, RequestFinished.class).stream()
            .filter(end -> end.getRun() == run.getRun() && end.getPhase() == Phase.MEASURE)
            .toList();
    assertThat(ends).hasSize(requests);
    assertThat(new HashSet<>(ends.stream().map(RequestFinished::getOrdinal).toList()))
        .hasSize(requests);
    assertThat(ends)
        .filteredOn(end -> end.getOutcome() == Outcome.NOT_SENT)
        .allSatisfy(end -> assertThat(end.getError()).contains("no generator has sent it"));
  }

  private RunFinished execute(Plan plan, Map<String, String> servers) {
    try (Generator coordinator = Generator.open(log.generator(folder).withShards(2))) {
      return Plans.execute(coordinator, plan, PlanText.of(plan), servers).getFirst().finished();
    }
  }
}
