package dev.kvasir.producer;

import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.write;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

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
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.client.Answers;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans executed against real sockets, with every event in a real Kafka. */
class GeneratorTest {

  private static final int TOKENS = 5;

  @TempDir private static Path folder;
  @AutoClose private static TestLog log;

  @BeforeAll
  static void startKafka() throws Exception {
    log = TestLog.start(folder.resolve("kafka"));
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
    List<RequestFinished> ends = log.events(run, Topic.REQUESTS, RequestFinished.class);
    List<RequestFinished> measured = measured(ends);
    assertThat(measured)
        .extracting(RequestFinished::getOrdinal)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 30).boxed().toList());
    assertThat(ends).hasSize(34);
    assertThat(ends).extracting(RequestFinished::getOutcome).containsOnly(Outcome.OK);
    long zero = zero(run);
    Schedule schedule = requireNonNull(Course.of(spec, Plans.prompts(plan, spec)).schedule());
    long[] due = schedule.dueNanos().toArray();
    assertThat(measured)
        .allSatisfy(end -> assertThat(end.getDueAt() - zero).isEqualTo(due[end.getOrdinal()]));
    assertThat(measured)
        .allSatisfy(end -> assertThat(end.getSentAt()).isGreaterThanOrEqualTo(end.getDueAt()));
  }

  @Test
  void theLastEventCountsWhatIsInTheTopics() throws Exception {
    RunFinished finished = wellAnswered("counts", "concurrency: [3]", 20, 2);

    long run = finished.getRun();
    assertThat(finished.getRequestsSent()).isEqualTo(22);
    assertThat(finished.getRequestsFinished()).isEqualTo(22);
    assertThat(finished.getTokensReceived()).isEqualTo(22 * TOKENS);
    assertThat(log.events(run, Topic.REQUESTS, RequestSent.class)).hasSize(22);
    assertThat(log.events(run, Topic.REQUESTS, RequestFinished.class)).hasSize(22);
    assertThat(log.events(run, Topic.TOKENS, TokenReceived.class)).hasSize(22 * TOKENS);
    assertThat(log.events(run, Topic.RUNS, RunFinished.class)).containsExactly(finished);
    assertThat(finished.getOutcomes()).isEqualTo(Map.of("OK", 20L));
    assertThat(finished.getEventsLost()).isZero();
  }

  @Test
  void aRunSamplesItsClient() throws Exception {
    long run = wellAnswered("samples", "rates: [100]", 20, 0).getRun();

    assertThat(log.events(run, Topic.SAMPLES, Sampled.class))
        .filteredOn(sample -> sample.getSource() == SampleSource.CLIENT)
        .extracting(Sampled::getName)
        .contains(
            "dispatch_lag_p99_ms", "loop_lag_p99_ms", "publisher_queued_events", "wall_drift_ms");
  }

  @Test
  void aRunSaysWhatItIs() throws Exception {
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)))) {
      RunResult result =
          execute(Plans.of("describe", "concurrency: [1]", server.url(), 2, 0)).getFirst();
      RunStarted started =
          log.events(result.finished().getRun(), Topic.RUNS, RunStarted.class).getFirst();

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

    assertThat(log.events(run, Topic.SAMPLES, Sampled.class))
        .filteredOn(sample -> sample.getSource() == SampleSource.SERVER)
        .isNotEmpty()
        .allSatisfy(sample -> {
          assertThat(sample.getName()).isEqualTo("vllm:num_requests_running");
          assertThat(sample.getLabels()).isEqualTo(Map.of("engine", "0"));
          assertThat(sample.getValue()).isEqualTo(3);
        });
  }

  @Test
  void aSimulatedServerStartsEveryRunCold() throws Exception {
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)));
        Generator generator = Generator.open(log.generator(folder))) {
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
    assertThat(log.events(run, Topic.RUNS, PhaseStarted.class))
        .extracting(PhaseStarted::getPhase, PhaseStarted::getPass)
        .containsExactly(
            tuple(Phase.MEASURE, 1),
            tuple(Phase.MEASURE, 2),
            tuple(Phase.MEASURE, 3),
            tuple(Phase.COOL_DOWN, 3));
    assertThat(log.events(run, Topic.RUNS, RunStarted.class).getFirst().getPasses()).isEqualTo(3);
    assertThat(log.events(run, Topic.RUNS, RunStarted.class).getFirst().getPlannedRequests())
        .isEqualTo(12);
    assertThat(log.events(run, Topic.REQUESTS, RequestFinished.class))
        .hasSize(12)
        .allSatisfy(end -> assertThat(end.getPass()).isEqualTo(1 + end.getOrdinal() / 4))
        .extracting(RequestFinished::getOrdinal)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{rates: 100}", "{concurrency: 2}", "{rates: 50, duration: 100ms}"})
  void theCoolDownIsMarkedBeforeTheLastAnswerHasCome(String load) throws Exception {
    String experiment = "cooling-" + load.replaceAll("[^a-z0-9]", "");
    CountDownLatch marked = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    try (ScriptedServer server =
            ScriptedServer.start((request, out) -> {
              if (request.head().startsWith("POST") && asked.incrementAndGet() > 2) {
                marked.await();
              }
              write(out, good(TOKENS));
            });
        Generator generator = Generator.open(log.generator(folder))) {
      CompletableFuture<List<RunResult>> executing =
          CompletableFuture.supplyAsync(
              () -> Plans.execute(generator, Plans.of(experiment, load, server.url(), 4, 0)));
      await().atMost(Duration.ofMinutes(1)).until(() -> coolDown(experiment).isPresent());
      marked.countDown();

      long run = executing.get(1, TimeUnit.MINUTES).getFirst().finished().getRun();
      assertThat(log.events(run, Topic.RUNS, PhaseStarted.class))
          .extracting(PhaseStarted::getPhase)
          .containsExactly(Phase.MEASURE, Phase.COOL_DOWN);
    }
  }

  private static Optional<PhaseStarted> coolDown(String experiment) {
    return log.events(Topic.RUNS, RunStarted.class).stream()
        .filter(run -> run.getExperiment().equals(experiment))
        .flatMap(run -> log.events(run.getRun(), Topic.RUNS, PhaseStarted.class).stream())
        .filter(phase -> phase.getPhase() == Phase.COOL_DOWN)
        .findFirst();
  }

  /** The end of the only run against a server that answers everything well. */
  private static RunFinished wellAnswered(String name, String load, int prompts, int warmUp)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(TOKENS)))) {
      return execute(Plans.of(name, load, server.url(), prompts, warmUp)).getFirst().finished();
    }
  }

  private static List<RunResult> execute(Plan plan) {
    try (Generator generator = Generator.open(log.generator(folder))) {
      return Plans.execute(generator, plan);
    }
  }

  private static List<RequestFinished> measured(List<RequestFinished> ends) {
    return ends.stream().filter(end -> end.getPhase() == Phase.MEASURE).toList();
  }

  private static long zero(long run) {
    return log.events(run, Topic.RUNS, PhaseStarted.class).stream()
        .filter(phase -> phase.getPhase() == Phase.MEASURE)
        .findFirst()
        .orElseThrow()
        .getAt();
  }
}
