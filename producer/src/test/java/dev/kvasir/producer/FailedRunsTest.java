package dev.kvasir.producer;

import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.client.Answers;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.topic.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that fail or end before their load does, against real sockets and a real Kafka. */
class FailedRunsTest {

  private static final int TOKENS = 5;

  @TempDir private static Path folder;
  @AutoClose private static TestLog log;

  @BeforeAll
  static void startKafka() throws Exception {
    log = TestLog.start(folder.resolve("kafka"));
  }

  @Test
  void theRunsOfAServerThatRefusedToStartFailAndHaveEveryRequestOnRecord() throws Exception {
    Plan plan = Plans.simulated("refused", "concurrency: [1, 2]", 3);
    ServerAddresses refused = new ServerAddresses(Map.of(), Map.of("s", "out of GPU memory"));

    List<RunResult> results;
    try (Generator generator = Generator.open(log.generator(folder))) {
      results = Plans.execute(generator, plan, refused);
    }

    assertThat(results)
        .hasSize(2)
        .allSatisfy(run -> {
          assertThat(run.finished().getVerdict()).isEqualTo(Verdict.SERVER_FAILED);
          assertThat(run.finished().getReasons().getFirst()).isEqualTo("out of GPU memory");
          assertThat(run.finished().getOutcomes()).isEqualTo(Map.of("NOT_SENT", 3L));
        });
  }

  @Test
  void whereTimeDecidesAFailedRunCountsWhatWouldHaveBeenDueAtOnceOrByItsSchedule()
      throws Exception {
    ServerAddresses refused = new ServerAddresses(Map.of(), Map.of("s", "out of GPU memory"));
    Plan plan =
        Plans.simulated(
            "refused-for", "{rates: 50, concurrency: 4, arrivals: constant, duration: 1s}", 30);

    List<RunResult> results;
    try (Generator generator = Generator.open(log.generator(folder))) {
      results = Plans.execute(generator, plan, refused);
    }

    assertThat(results)
        .extracting(run -> run.finished().getOutcomes())
        .containsExactly(Map.of("NOT_SENT", 50L), Map.of("NOT_SENT", 4L));
  }

  @Test
  void aServerThatFailsFastIsNotAFastServer() throws Exception {
    RunFinished finished;
    try (ScriptedServer server =
        ScriptedServer.start((request, out) ->
            write(out, Answers.plain(200, "application/json", "{\"error\":\"no\"}")))) {
      finished =
          execute(Plans.of("fast", "concurrency: [2]", server.url(), 10, 0)).getFirst().finished();
    }

    assertThat(finished.getVerdict()).isEqualTo(Verdict.IMPLAUSIBLE);
    assertThat(finished.getOutcomes()).isEqualTo(Map.of("SERVER_ERROR", 10L));
    assertThat(measured(log.events(finished.getRun(), Topic.REQUESTS, RequestFinished.class)))
        .allSatisfy(end -> assertThat(end.getFirstContentAt()).isNull());
  }

  @Test
  void aServerThatIsNotThereFailsBeforeAnyRunStarts() throws Exception {
    ScriptedServer gone = ScriptedServer.start((request, out) -> {});
    gone.close();

    assertThatThrownBy(() -> execute(Plans.of("gone", "concurrency: [1]", gone.url(), 2, 0)))
        .isInstanceOf(ServerUnreachableException.class)
        .hasMessageContaining(gone.url())
        .hasMessageContaining("refused");

    assertThat(log.events(Topic.RUNS, RunStarted.class))
        .extracting(RunStarted::getExperiment)
        .doesNotContain("gone");
  }

  @Test
  void aServerThatIsNotThereFailsItsOwnRunsUntilItIs() throws Exception {
    ScriptedServer gone = ScriptedServer.start((request, out) -> {});
    gone.close();
    Plans.Told told = new Plans.Told();
    Plans.Told resumed = new Plans.Told();
    List<RunResult> first;
    List<RunResult> second;
    try (ScriptedServer there = ScriptedServer.start((request, out) -> write(out, good(1)));
        Generator generator = Generator.open(log.generator(folder))) {
      Plan plan = Plans.ofTwo("one-gone", gone.url(), there.url());
      first = Plans.execute(generator, plan, false, Map.of(), told);
      second = Plans.execute(generator, plan, true, Map.of("a", there.url()), resumed);
    }

    assertThat(told.warnings)
        .hasSize(1)
        .first()
        .asString()
        .startsWith("strategy a: the server at ");
    assertThat(first)
        .extracting(run -> run.spec().strategy().name(), run -> run.finished().getVerdict())
        .containsExactly(tuple("a", Verdict.SERVER_FAILED), tuple("b", Verdict.VALID));
    assertThat(first.getFirst().finished().getReasons().getFirst())
        .contains(gone.url() + " cannot be reached: ")
        .contains("refused");
    assertThat(first.getFirst().finished().getOutcomes()).isEqualTo(Map.of("NOT_SENT", 3L));
    assertThat(resumed.resumed).as("runs that are not made again").isEqualTo(1);
    assertThat(second)
        .extracting(run -> run.spec().strategy().name(), run -> run.finished().getVerdict())
        .containsExactly(tuple("a", Verdict.VALID));
    assertThat(log.events(Topic.RUNS, RunRetracted.class))
        .extracting(RunRetracted::getRun)
        .containsExactly(first.getFirst().finished().getRun());
  }

  @Test
  void aServerThatGoesAwayBetweenTwoRunsFailsTheSecond() throws Exception {
    Plans.Told told = new Plans.Told();
    List<RunResult> results;
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)));
        Generator generator = Generator.open(log.generator(folder))) {
      told.afterRun = server::close;
      Plan plan = Plans.of("going", "concurrency: [1, 2]", server.url(), 3, 0);
      results = Plans.execute(generator, plan, false, Map.of(), told);
    }

    assertThat(results.getFirst().finished().getOutcomes()).isEqualTo(Map.of("OK", 3L));
    assertThat(results.getLast().finished().getVerdict()).isEqualTo(Verdict.SERVER_FAILED);
    assertThat(results.getLast().finished().getReasons().getFirst()).contains("cannot be reached");
  }

  @Test
  void aServerThatGoesAwayWhileItServesHasFailed() throws Exception {
    AtomicReference<ScriptedServer> serving = new AtomicReference<>();
    AtomicInteger answered = new AtomicInteger();
    RunFinished finished;
    try (ScriptedServer server =
        ScriptedServer.start((request, out) -> {
          if (request.head().startsWith("POST") && answered.incrementAndGet() > 4) {
            serving.get().close();
          }
          write(out, good(TOKENS));
        })) {
      serving.set(server);
      finished =
          execute(Plans.of("leaving", "concurrency: [1]", server.url(), 10, 0))
              .getFirst()
              .finished();
    }

    assertThat(finished.getOutcomes()).containsEntry("OK", 4L);
    assertThat(finished.getVerdict()).isEqualTo(Verdict.SERVER_FAILED);
    assertThat(finished.getReasons().getFirst()).contains("went away while it served");
  }

  @Test
  void aStoppedRunEndsAsAbortedWithEveryRequestAccountedFor() throws Exception {
    CountDownLatch answering = new CountDownLatch(3);
    List<RunResult> results;
    try (ScriptedServer server = ScriptedServer.start(unending(answering));
        Generator generator = Generator.open(log.generator(folder))) {
      Plan plan = Plans.of("stopped", "rates: [10, 20]", server.url(), 100, 0);
      CompletableFuture<List<RunResult>> executing =
          CompletableFuture.supplyAsync(() -> Plans.execute(generator, plan));
      assertThat(answering.await(1, TimeUnit.MINUTES)).isTrue();

      generator.stop(List.of("the disk of /measured was nearly full"));

      results = executing.get(1, TimeUnit.MINUTES);
    }

    RunFinished finished = results.getFirst().finished();
    assertThat(results).hasSize(1);
    assertThat(finished.getVerdict()).isEqualTo(Verdict.ABORTED);
    assertThat(finished.getReasons())
        .startsWith("the disk of /measured was nearly full", "the run was stopped before its end");
    assertThat(finished.getOutcomes()).containsOnlyKeys("ABORTED", "NOT_SENT");
    assertThat(finished.getOutcomes().get("ABORTED")).isGreaterThanOrEqualTo(3);
    assertThat(finished.getOutcomes().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(100);
    assertThat(log.events(finished.getRun(), Topic.REQUESTS, RequestFinished.class)).hasSize(100);
  }

  @Test
  void aRunWhoseRequestsFailTooOftenIsEndedAsOverloadedWithEveryRequestAccountedFor()
      throws Exception {
    AtomicInteger answered = new AtomicInteger();
    RunFinished finished;
    try (ScriptedServer server =
        ScriptedServer.start((request, out) ->
            write(
                out,
                answered.incrementAndGet() <= 60
                    ? good(TOKENS)
                    : Answers.plain(503, "text/plain", "full")))) {
      finished =
          execute(
                  Plans.of(
                      "errors",
                      "{rates: 200}\nstop: {error-rate: 20%}\n" + Plans.NO_CLIENT_LIMITS,
                      server.url(),
                      2000,
                      0))
              .getFirst()
              .finished();
    }

    assertThat(finished.getReasons().getFirst()).contains("of the last").contains("failed");
    assertThat(finished.getOutcomes()).containsKeys("OK", "HTTP_ERROR", "NOT_SENT");
    assertThat(finished.getOutcomes().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(2000);
    assertThat(finished.getOutcomes().get("NOT_SENT")).isGreaterThan(1000);
  }

  @Test
  void aRunThatTakesTooLongIsEnded() throws Exception {
    RunFinished finished;
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)))) {
      finished =
          execute(Plans.of("long", "{rates: 10}\nstop: {duration: 500ms}", server.url(), 1000, 0))
              .getFirst()
              .finished();
    }

    assertThat(finished.getReasons().getFirst()).contains("longer than the limit of 0.5 s");
    assertThat(finished.getOutcomes().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(1000);
  }

  @Test
  void theEndOfAStoppedRunReachesAKafkaThatComesBackSecondsLater() throws Exception {
    CountDownLatch answering = new CountDownLatch(3);
    try (TestLog slow = TestLog.start(folder.resolve("slow"));
        ScriptedServer server = ScriptedServer.start(unending(answering))) {
      RunFinished finished;
      try (Generator generator = Generator.open(slow.generator(folder))) {
        Plan plan = Plans.of("slow", "rates: [50]", server.url(), 20, 0);
        CompletableFuture<List<RunResult>> executing =
            CompletableFuture.supplyAsync(() -> Plans.execute(generator, plan));
        assertThat(answering.await(1, TimeUnit.MINUTES)).isTrue();
        slow.stop();

        generator.stop();
        CompletableFuture<Boolean> never =
            new CompletableFuture<Boolean>().completeOnTimeout(true, 3, TimeUnit.SECONDS);
        assertThat(CompletableFuture.anyOf(executing, never).get()).isEqualTo(true);
        slow.restart();

        finished = executing.get(1, TimeUnit.MINUTES).getFirst().finished();
      }
      assertThat(slow.events(Topic.RUNS, RunFinished.class)).containsExactly(finished);
    }
  }

  /** Begins the answer of each request of the load, and ends none. */
  private static ScriptedServer.Script unending(CountDownLatch begun) {
    return (request, out) -> {
      if (request.head().startsWith("GET")) {
        write(out, Answers.plain(404, "text/plain", "no"));
        return;
      }
      write(out, Answers.HEAD + Answers.chunk(Answers.token("a")));
      begun.countDown();
      new CountDownLatch(1).await();
    };
  }

  private static List<RunResult> execute(Plan plan) {
    try (Generator generator = Generator.open(log.generator(folder))) {
      return Plans.execute(generator, plan);
    }
  }

  private static List<RequestFinished> measured(List<RequestFinished> ends) {
    return ends.stream().filter(end -> end.getPhase() == Phase.MEASURE).toList();
  }
}
