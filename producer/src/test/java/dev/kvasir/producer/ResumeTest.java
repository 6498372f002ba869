package dev.kvasir.producer;

import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.ResultReported;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.client.Answers;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.topic.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experiments that go on, and searches, with every event in a real Kafka. */
class ResumeTest {

  private static final Pattern RATE = Pattern.compile("rate=([0-9.]+)-");

  @TempDir private static Path folder;
  @AutoClose private static TestLog log;

  @BeforeAll
  static void startKafka() throws Exception {
    log = TestLog.start(folder.resolve("kafka"));
  }

  @Test
  void anInterruptedExperimentGoesOnAtItsNextUnfinishedRun() throws Exception {
    CountDownLatch inSecondRun = new CountDownLatch(1);
    AtomicInteger answered = new AtomicInteger();
    String load = "{rates: 200, concurrency: [1, 2]}";
    String salted = "\ncache: {salt: repeat}";
    List<RunResult> first;
    try (ScriptedServer server =
            ScriptedServer.start((request, out) -> {
              if (request.head().startsWith("POST") && answered.incrementAndGet() > 10) {
                inSecondRun.countDown();
                new CountDownLatch(1).await();
              }
              write(out, good(1));
            });
        Generator generator = open()) {
      Plan plan = parse(text("going-on", "load: " + load + salted, server.url()));
      CompletableFuture<List<RunResult>> executing =
          CompletableFuture.supplyAsync(() -> Plans.execute(generator, plan));
      assertThat(inSecondRun.await(1, TimeUnit.MINUTES)).isTrue();
      generator.stop();
      first = executing.get(1, TimeUnit.MINUTES);
    }
    assertThat(first).hasSize(2);

    Plans.Told told = new Plans.Told();
    List<RunResult> second;
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(1)));
        Generator generator = open()) {
      Plan plan = parse(text("going-on", "load: " + load + salted, server.url()));
      second = Plans.execute(generator, plan, true, Map.of(), told);
    }

    assertThat(told.resumed).isEqualTo(1);
    assertThat(second.stream().map(run -> run.spec().cell()))
        .containsExactly("s concurrency=1", "s concurrency=2");
    assertThat(second.getFirst().spec().cell()).isEqualTo(first.getLast().spec().cell());
    assertThat(first.getLast().finished().getVerdict()).isEqualTo(Verdict.ABORTED);
    assertThat(log.events(Topic.RUNS, RunStarted.class))
        .filteredOn(run -> run.getExperiment().equals("going-on"))
        .hasSize(4)
        .as("the same prompts for all runs of a repeat")
        .extracting(RunStarted::getSalt)
        .doesNotContainNull()
        .containsOnly(saltOf("going-on"));
  }

  @Test
  void anotherSeedIsAnotherExperiment() throws Exception {
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(1)));
        Generator generator = open()) {
      Plans.execute(generator, plan("seeds", "{concurrency: 1}", server.url()));
      Plans.Told told = new Plans.Told();
      Plan other =
          parse(
              text("seeds", "load: {concurrency: 1}", server.url()).replace("seed: 7", "seed: 8"));

      assertThat(Plans.execute(generator, other, true, Map.of(), told)).hasSize(1);
      assertThat(told.resumed).isZero();
    }
  }

  @Test
  void aSearchFindsTheRateThatTheServerBearsAndGoesOnWithWhatWasRun() throws Exception {
    String search =
        "slo: {ttft: 1h}\nsearch: {from: 20, to: 320, target: 90%, resolution: 45%}\nload: {arrivals: constant}";
    Plans.Told told = new Plans.Told();
    Plans.Told again = new Plans.Told();
    List<RunResult> runs;
    try (ScriptedServer server = ScriptedServer.start(bearing(100));
        Generator generator = open()) {
      Plan plan = parse(text("searching", search, server.url()));
      runs = Plans.execute(generator, plan, false, Map.of(), told);

      assertThat(Plans.execute(generator, plan, true, Map.of(), again)).isEmpty();
    }

    Found found = told.found.getFirst();
    assertThat(told.found).hasSize(1);
    assertThat(runs.stream().map(run -> run.spec().loadPoint()))
        .containsExactly(
            "rate=20-constant",
            "rate=40-constant",
            "rate=80-constant",
            "rate=160-constant",
            "rate=113-constant");
    assertThat(found.finding().holds().orElseThrow().rate()).isEqualTo(80);
    assertThat(found.finding().breaks().orElseThrow().rate()).isEqualTo(113);
    assertThat(found.text()).startsWith("s: attainment of 90 % holds at ");
    assertThat(again.found).isEqualTo(told.found);
    assertThat(log.events(Topic.RUNS, ResultReported.class))
        .filteredOn(result -> result.getRun() == found.run())
        .extracting(ResultReported::getMetric)
        .contains("highest_rate_at_target", "lowest_rate_below_target_attainment_low");
  }

  @Test
  void aSearchThatRestsOnRunsWhichTheClientLimitedSaysSo() throws Exception {
    String search =
        "slo: {ttft: 1h}\nsearch: {from: 50, to: 60, resolution: 50%, target: 90%}\nload: {arrivals: constant}";
    Plans.Told told = new Plans.Told();
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(1)));
        Generator generator = open()) {
      String plan = text("doubting", search, server.url());
      Plans.execute(
          generator,
          parse(plan.replace("dispatch-lag: 1h", "dispatch-lag: 1ns")),
          false,
          Map.of(),
          told);
    }

    assertThat(told.found.getFirst().text())
        .contains("prove nothing of the server (client-limited at 50 requests/s")
        .endsWith("--resume makes them again.");
  }

  private static String saltOf(String experiment) {
    return log.events(Topic.RUNS, RunStarted.class).stream()
        .filter(run -> run.getExperiment().equals(experiment))
        .findFirst()
        .orElseThrow()
        .getSalt();
  }

  /** A server that refuses every other request above a rate, which it reads in the id of one. */
  private static ScriptedServer.Script bearing(double requestsPerSecond) {
    AtomicInteger refused = new AtomicInteger();
    return (request, out) -> {
      Matcher rate = RATE.matcher(request.header("x-request-id"));
      boolean bears =
          !rate.find()
              || Double.parseDouble(rate.group(1)) <= requestsPerSecond
              || refused.incrementAndGet() % 2 == 0;
      write(out, bears ? good(1) : Answers.plain(503, "text/plain", "full"));
    };
  }

  private static Generator open() {
    return Generator.open(log.generator(folder));
  }

  private static Plan plan(String experiment, String load, String url) {
    return parse(text(experiment, "load: " + load, url));
  }

  private static String text(String experiment, String load, String url) {
    return """
    experiment: %s
    seed: 7
    repeats: 1
    workload: {input-tokens: 20, prompts: 10, output-tokens: 8}
    %s
    warm-up: {requests: 0}
    %s
    strategies: [{name: s, url: "%s", model: m}]
    """
        .formatted(experiment, load, Plans.NO_CLIENT_LIMITS, url);
  }

  private static Plan parse(String yaml) {
    return new PlanParser(new DatasetFolder(Path.of(".")), Set.of()).parse("test.yaml", yaml);
  }
}
