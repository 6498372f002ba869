package dev.kvasir.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.server.FakeEngine;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans whose servers are started for them, with every event in a real Kafka. */
class ServedStrategiesTest {

  @TempDir private static Path folder;
  private static TestLog log;

  @BeforeAll
  static void startKafka() throws Exception {
    log = TestLog.start(folder.resolve("kafka"));
    Files.createDirectory(folder.resolve("record"));
    FakeEngine.install(folder.resolve("bin"), "vllm");
  }

  @AfterAll
  static void stopKafka() {
    log.close();
  }

  @Test
  void a_server_that_exits_at_once_fails_its_cell_and_the_next_cell_runs() {
    List<RunResult> results =
        execute(
            """
            repeats: 2
            strategies:
              - name: broken
                model: m
                serve: {command: "echo no GPU found; exit 3", port: 0}
              - name: good
                model: m
                labels: {medium: disk}
                serve:
                  command: [vllm, serve, "${model}", --port, "${port}", --api-key, hidden]
                  port: 0
                  environment: {LMCACHE_MAX_LOCAL_CPU_SIZE: 2, HF_TOKEN: hidden, %s}
            """,
            10);

    assertThat(results)
        .extracting(each -> each.spec().strategy().name())
        .containsExactly("broken", "good", "broken", "good");
    RunResult broken = results.getFirst();
    assertThat(broken.finished().getVerdict()).isEqualTo(Verdict.SERVER_FAILED);
    assertThat(broken.finished().getReasons().getFirst()).contains("server ended with status 3");
    assertThat(broken.finished().getReasons().get(1)).contains("no GPU found");
    assertThat(measured(broken)).hasSize(10);
    assertThat(measured(broken))
        .extracting(RequestFinished::getOutcome)
        .containsOnly(Outcome.NOT_SENT);
    assertThat(results.get(2).finished().getReasons().getFirst())
        .startsWith("not tried: in repeat 1");
    assertThat(results.get(1).finished().getOutcomes()).containsOnlyKeys("OK");
    assertThat(results.get(3).finished().getOutcomes()).containsOnlyKeys("OK");
    RunStarted good = started(results.get(1));
    assertThat(good.getServer().getCommand())
        .singleElement()
        .asString()
        .startsWith("vllm serve m --port ")
        .endsWith(" --api-key '***'");
    assertThat(good.getServer().getEnvironment())
        .containsEntry("LMCACHE_MAX_LOCAL_CPU_SIZE", "2")
        .containsEntry("HF_TOKEN", "***");
    assertThat(good.getDeclared()).containsEntry("medium", "disk");
    assertThat(good.getDerived())
        .containsEntry("medium", "cpu")
        .containsEntry("label", "CPU@lmcache")
        .containsEntry("host_dram_bytes", Long.toString(2L << 30));
    assertThat(started(results.get(3)).getServer().getCommand())
        .as("nothing was started in between, so that the same server served on, on its port")
        .isEqualTo(good.getServer().getCommand());
    assertThat(good.toString()).doesNotContain("hidden");
  }

  @Test
  void a_server_that_dies_ends_its_run_at_once_and_the_next_cell_gets_another() {
    List<RunResult> results =
        execute(
            """
            repeats: 1
            strategies:
              - name: mortal
                model: m
                serve:
                  command: [vllm, --dies-after, 3, --port, "${port}"]
                  port: 0
                  environment: {%s}
              - name: good
                model: m
                serve:
                  command: [vllm, --port, "${port}"]
                  port: 0
                  environment: {%s}
            """,
            200);

    RunResult mortal = results.getFirst();
    assertThat(mortal.finished().getVerdict()).isEqualTo(Verdict.SERVER_FAILED);
    assertThat(mortal.finished().getReasons().getFirst())
        .isEqualTo("server ended with status 9 while it served");
    assertThat(mortal.finished().getReasons().get(1)).contains("illegal memory access");
    assertThat(mortal.finished().getOutcomes()).containsKey("NOT_SENT");
    assertThat(measured(mortal)).hasSize(200);
    assertThat(results.get(1).finished().getOutcomes()).isEqualTo(java.util.Map.of("OK", 200L));
  }

  private List<RunResult> execute(String strategies, int prompts) {
    String engine =
        FakeEngine.environment(folder.resolve("bin"), folder.resolve("record")).entrySet().stream()
            .map(each -> "%s: \"%s\"".formatted(each.getKey(), each.getValue()))
            .reduce((a, b) -> a + ", " + b)
            .orElseThrow();
    Plan plan =
        new PlanParser(new DatasetFolder(folder), Set.of())
            .parse(
                "plan.yaml",
                """
                experiment: served
                workload: {input-tokens: 20, prompts: %d, output-tokens: 4}
                load: {rates: 50}
                warm-up: {requests: 0}
                timeout: 20s
                """
                        .formatted(prompts)
                    + strategies.replace("%s", engine));
    try (Generator generator = Generator.open(log.generator(folder))) {
      return Plans.execute(generator, plan);
    }
  }

  private static List<RequestFinished> measured(RunResult run) {
    return of(run, Topic.REQUESTS, RequestFinished.class).stream()
        .filter(each -> each.getPhase() == Phase.MEASURE)
        .toList();
  }

  private static RunStarted started(RunResult run) {
    return of(run, Topic.RUNS, RunStarted.class).getFirst();
  }

  private static <T extends SpecificRecord> List<T> of(RunResult run, Topic topic, Class<T> type) {
    return log.events(topic, type).stream()
        .filter(event -> EventRecord.run(event) == run.finished().getRun())
        .toList();
  }
}
