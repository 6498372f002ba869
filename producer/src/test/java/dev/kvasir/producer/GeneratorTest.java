package dev.kvasir.producer;

import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.write;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.client.Answers;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans executed against real sockets, with every event in a real Kafka. */
class GeneratorTest {

  private static final int TOKENS = 5;

  @TempDir private static Path folder;
  private static TestLog log;

  @BeforeAll
  static void startKafka() throws Exception {
    log = TestLog.start(folder.resolve("kafka"));
  }

  @AfterAll
  static void stopKafka() {
    log.close();
  }

  @Test
  void everyDueRequestIsSentAtItsTimeAndEndsOnce() throws Exception {
    List<RunResult> results;
    Plan plan;
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)))) {
      plan = Plans.of("open", "rates: [100]", server.url(), 30, 4);
      results = execute(plan);
    }

    RunResult result = results.getFirst();
    long run = result.finished().getRun();
    RunSpec spec = result.spec();
    List<RequestFinished> ends = of(run, Topic.REQUESTS, RequestFinished.class);
    List<RequestFinished> measured = measured(ends);
    assertThat(measured)
        .extracting(RequestFinished::getOrdinal)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 30).boxed().toList());
    assertThat(ends).hasSize(34);
    assertThat(ends).extracting(RequestFinished::getOutcome).containsOnly(Outcome.OK);
    long zero = zero(run);
    Schedule schedule = requireNonNull(Course.of(spec, Plans.prompts(plan, spec)).schedule());
    assertThat(measured)
        .allSatisfy(end ->
            assertThat(end.getDueAt() - zero).isEqualTo(schedule.dueNanos(end.getOrdinal())));
    assertThat(measured)
        .allSatisfy(end -> assertThat(end.getSentAt()).isGreaterThanOrEqualTo(end.getDueAt()));
  }

  @Test
  void theLastEventCountsWhatIsInTheTopics() throws Exception {
    RunFinished finished;
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)))) {
      finished =
          execute(Plans.of("counts", "concurrency: [3]", server.url(), 20, 2))
              .getFirst()
              .finished();
    }

    long run = finished.getRun();
    assertThat(finished.getRequestsSent()).isEqualTo(22);
    assertThat(finished.getRequestsFinished()).isEqualTo(22);
    assertThat(finished.getTokensReceived()).isEqualTo(22 * TOKENS);
    assertThat(of(run, Topic.REQUESTS, RequestSent.class)).hasSize(22);
    assertThat(of(run, Topic.REQUESTS, RequestFinished.class)).hasSize(22);
    assertThat(of(run, Topic.TOKENS, TokenReceived.class)).hasSize(22 * TOKENS);
    assertThat(of(run, Topic.RUNS, RunFinished.class)).containsExactly(finished);
    assertThat(finished.getOutcomes()).isEqualTo(Map.of("OK", 20L));
    assertThat(finished.getEventsLost()).isZero();
    assertThat(of(run, Topic.SAMPLES, Sampled.class))
        .extracting(Sampled::getName)
        .contains("loop_lag_p99_ms", "publisher_queued_events", "wall_drift_ms");
  }

  @Test
  void aRunSaysWhatItIs() throws Exception {
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)))) {
      RunResult result =
          execute(Plans.of("describe", "concurrency: [1]", server.url(), 2, 0)).getFirst();
      RunStarted started = of(result.finished().getRun(), Topic.RUNS, RunStarted.class).getFirst();

      assertThat(started.getId()).isEqualTo(result.id()).startsWith("describe-s-concurrency=1-r1-");
      assertThat(started.getExperiment()).isEqualTo("describe");
      assertThat(started.getPlannedRequests()).isEqualTo(2);
      assertThat(started.getServer().getUrl()).isEqualTo(server.url());
      assertThat(started.getVersion()).isEqualTo("1");
      assertThat(started.getCommit()).isEqualTo("abc");
      assertThat(started.getPlan()).isEqualTo("the plan");
      assertThat(started.getHost().getProcessors()).isPositive();
      assertThat(server.requests())
          .extracting(request -> request.header("x-request-id"))
          .filteredOn(id -> !id.isEmpty())
          .containsExactly(result.id() + "/0", result.id() + "/1");
    }
  }

  @Test
  void aServersOwnMetricsBecomeSamples() throws Exception {
    long run;
    try (ScriptedServer server =
        ScriptedServer.start((request, out) ->
            write(
                out,
                request.head().startsWith("GET /metrics ")
                    ? Answers.plain(
                        200, "text/plain", "vllm:num_requests_running{engine=\"0\"} 3\nx 1\n")
                    : good(TOKENS)))) {
      run =
          execute(Plans.of("metrics", "concurrency: [1]", server.url(), 2, 0))
              .getFirst()
              .finished()
              .getRun();
    }

    assertThat(of(run, Topic.SAMPLES, Sampled.class))
        .filteredOn(sample -> sample.getSource() == SampleSource.SERVER)
        .isNotEmpty()
        .allSatisfy(sample -> {
          assertThat(sample.getName()).isEqualTo("vllm:num_requests_running");
          assertThat(sample.getLabels()).isEqualTo(Map.of("engine", "0"));
          assertThat(sample.getValue()).isEqualTo(3);
        });
  }

  @Test
  void theRunsOfAServerThatRefusedToStartFailAndHaveEveryRequestOnRecord() throws Exception {
    Plan plan = Plans.simulated("refused", "concurrency: [1, 2]", 3);
    ServerAddresses refused = new ServerAddresses(Map.of(), Map.of("s", "out of GPU memory"));

    List<RunResult> results;
    try (Generator generator = open()) {
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
  void aSimulatedServerStartsEveryRunCold() throws Exception {
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)));
        Generator generator = open()) {
      Plan plan = Plans.simulated("cold", "concurrency: [1, 2]", 1);

      Plans.execute(generator, plan, Map.of("s", server.url()));

      assertThat(server.requests())
          .extracting(request -> request.head().lines().findFirst().orElseThrow())
          .filteredOn(line -> !line.startsWith("GET "))
          .containsExactly(
              "POST /reset_prefix_cache HTTP/1.1",
              "POST /v1/completions HTTP/1.1",
              "POST /reset_prefix_cache HTTP/1.1",
              "POST /v1/completions HTTP/1.1");
      assertThat(server.requests())
          .filteredOn(request -> request.head().startsWith("POST /v1"))
          .allSatisfy(
              request -> assertThat(request.body()).contains("\"continuous_usage_stats\":true"));
    }
  }

  @Test
  void aSimulatedStrategyWithoutAnAddressIsNamed() {
    assertThatThrownBy(() -> execute(Plans.simulated("nowhere", "concurrency: [1]", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("strategy s is simulated");
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
    assertThat(measured(of(finished.getRun(), Topic.REQUESTS, RequestFinished.class)))
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
  void aStoppedRunEndsAsAbortedWithEveryRequestAccountedFor() throws Exception {
    CountDownLatch answering = new CountDownLatch(3);
    List<RunResult> results;
    try (ScriptedServer server =
            ScriptedServer.start((request, out) -> {
              if (request.head().startsWith("GET")) {
                write(out, Answers.plain(404, "text/plain", "no"));
                return;
              }
              write(out, Answers.HEAD + Answers.chunk(Answers.token("a")));
              answering.countDown();
              new CountDownLatch(1).await();
            });
        Generator generator = open()) {
      Plan plan = Plans.of("stopped", "rates: [10, 20]", server.url(), 100, 0);
      CompletableFuture<List<RunResult>> executing =
          CompletableFuture.supplyAsync(() -> Plans.execute(generator, plan));
      answering.await();

      generator.stop();

      results = executing.get(10, TimeUnit.SECONDS);
    }

    RunFinished finished = results.getFirst().finished();
    assertThat(results).hasSize(1);
    assertThat(finished.getVerdict()).isEqualTo(Verdict.ABORTED);
    assertThat(finished.getOutcomes()).containsOnlyKeys("ABORTED", "NOT_SENT");
    assertThat(finished.getOutcomes().get("ABORTED")).isGreaterThanOrEqualTo(3);
    assertThat(finished.getOutcomes().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(100);
    assertThat(of(finished.getRun(), Topic.REQUESTS, RequestFinished.class)).hasSize(100);
  }

  @Test
  void everyPassSendsTheSamePromptsAndOrdinalsGoOn() throws Exception {
    RunFinished finished;
    List<String> bodies;
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)))) {
      finished =
          execute(Plans.of("passes", "{concurrency: 1, passes: 3, pause: 5ms}", server.url(), 4, 0))
              .getFirst()
              .finished();
      bodies =
          server.requests().stream()
              .filter(request -> request.head().startsWith("POST"))
              .map(ScriptedServer.Request::body)
              .toList();
    }

    long run = finished.getRun();
    assertThat(bodies).hasSize(12);
    assertThat(bodies.subList(4, 8)).isEqualTo(bodies.subList(0, 4));
    assertThat(bodies.subList(8, 12)).isEqualTo(bodies.subList(0, 4));
    assertThat(of(run, Topic.RUNS, PhaseStarted.class))
        .extracting(PhaseStarted::getPass)
        .containsExactly(1, 2, 3);
    assertThat(of(run, Topic.RUNS, RunStarted.class).getFirst().getPasses()).isEqualTo(3);
    assertThat(of(run, Topic.RUNS, RunStarted.class).getFirst().getPlannedRequests()).isEqualTo(12);
    assertThat(of(run, Topic.REQUESTS, RequestFinished.class))
        .hasSize(12)
        .allSatisfy(end -> assertThat(end.getPass()).isEqualTo(1 + end.getOrdinal() / 4))
        .extracting(RequestFinished::getOrdinal)
        .doesNotHaveDuplicates();
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
                      "{rates: 200}\nstop: {error-rate: 20%}\nthresholds: {dispatch-lag: 1h, loop-lag: 1h, gc-pause: 1h}",
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
        ScriptedServer server =
            ScriptedServer.start((request, out) -> {
              answering.countDown();
              new CountDownLatch(1).await();
            })) {
      RunFinished finished;
      try (Generator generator = open(slow)) {
        Plan plan = Plans.of("slow", "rates: [50]", server.url(), 20, 0);
        CompletableFuture<List<RunResult>> executing =
            CompletableFuture.supplyAsync(() -> Plans.execute(generator, plan));
        answering.await();
        slow.stop();

        generator.stop();
        CompletableFuture<Boolean> never =
            new CompletableFuture<Boolean>().completeOnTimeout(true, 3, TimeUnit.SECONDS);
        assertThat(CompletableFuture.anyOf(executing, never).get()).isEqualTo(true);
        slow.restart();

        finished = executing.get(30, TimeUnit.SECONDS).getFirst().finished();
      }
      assertThat(slow.events(Topic.RUNS, RunFinished.class)).containsExactly(finished);
    }
  }

  private List<RunResult> execute(Plan plan) {
    try (Generator generator = open()) {
      return Plans.execute(generator, plan);
    }
  }

  private Generator open() {
    return open(log);
  }

  private static Generator open(TestLog log) {
    return Generator.open(
        GeneratorSettings.of(
                log.bootstrapServers(), Registry.embedded(), folder.resolve("spill"), "1", "abc")
            .withSelfWarmUp(Duration.ZERO));
  }

  private <T extends SpecificRecord> List<T> of(long run, Topic topic, Class<T> type) {
    return log.events(topic, type).stream().filter(event -> EventRecord.run(event) == run).toList();
  }

  private static List<RequestFinished> measured(List<RequestFinished> ends) {
    return ends.stream().filter(end -> end.getPhase() == Phase.MEASURE).toList();
  }

  private long zero(long run) {
    return of(run, Topic.RUNS, PhaseStarted.class).stream()
        .filter(phase -> phase.getPhase() == Phase.MEASURE)
        .findFirst()
        .orElseThrow()
        .getAt();
  }
}
