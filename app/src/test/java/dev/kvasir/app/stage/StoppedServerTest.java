package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops in the middle of a run raises the run's alert, though it sends nothing. */
@Tag("long")
class StoppedServerTest {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final String PLAN =
      """
      experiment: stopped
      repeats: 1
      workload:
        kind: synthetic
        prompts: 4000
        input-tokens: 64
        output-tokens: 8
        ignore-eos: true
        reason: a test
      load: {rates: [5]}
      warm-up: {requests: 2}
      slo: {ttft: 5s}
      timeout: 10m
      thresholds: {dispatch-lag: 60s, loop-lag: 60s, gc-pause: 60s, wall-step: 60s}
      alerts:
        - {name: silent, metric: oldest_wait_ms, above: 5000, window: 10s}
        - {name: slow, metric: ttft_p99_ms, above: 5000, window: 10s}
        - {name: missed, metric: attainment, below: 0.99, window: 10s}
      strategies:
        - {name: served, url: "%s", model: toy}
      """;

  @TempDir private Path folder;

  @Test
  void theAlertComesWhileTheServerIsStoppedAndIsSaidInTheTerminal() throws Exception {
    Path home = folder.resolve("home");
    try (StageProcess server =
        StageProcess.kvasir(
            folder,
            "server",
            java.util.List.of("--profile=recompute", "--port=0", "--model=toy"),
            "simulate")) {
      String url = server.awaitSaying("(http://\\S+/v1) ").group(1) + "/completions";
      Path plan = Files.writeString(folder.resolve("plan.yaml"), PLAN.formatted(url));
      try (StageProcess run =
          StageProcess.on(home, folder, "run", "run", plan.toString(), "--page-port=0")) {
        await().atMost(PATIENCE).until(() -> ask(home, "SELECT count(*) FROM tokens") > 40);

        signal("STOP", server);
        run.awaitSaying("ALERT silent: oldest_wait_ms of stopped-served-rate=5");
        run.awaitSaying("ALERT slow: ttft_p99_ms of stopped-served-rate=5");
        run.awaitSaying("ALERT missed: attainment of stopped-served-rate=5");
        signal("CONT", server);

        run.awaitSaying("cleared silent of stopped-served-rate=5");
        run.interrupt();
        assertThat(run.exitStatus()).as(run.said()).isEqualTo(130);
        assertThat(run.said()).contains("Alert silent: oldest_wait_ms of");
      }
    }
    assertThat(
            ask(
                home,
                """
                SELECT count(*) FROM alert_raised a WHERE rule = 'silent' AND EXISTS (
                  SELECT 1 FROM request_sent s WHERE s.run = a.run
                    AND a.at_ns - s.due_at_ns BETWEEN 5000000000 AND 600000000000)
                """))
        .as("raised by waits that had passed the limit")
        .isPositive();
  }

  private static void signal(String name, StageProcess process) throws Exception {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    assertThat(status).isZero();
  }

  private long ask(Path home, String sql) throws IOException, InterruptedException {
    if (!Files.exists(home.resolve("warehouse.duckdb"))) {
      return -1;
    }
    try (StageProcess asked = StageProcess.on(home, folder, "sql", "sql", "--format=csv", sql)) {
      return asked.exitStatus() == 0
          ? Long.parseLong(asked.said().lines().skip(1).findFirst().orElseThrow())
          : -1;
    }
  }
}
