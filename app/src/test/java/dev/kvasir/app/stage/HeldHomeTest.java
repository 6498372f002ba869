package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a home that {@code kvasir up} holds. */
class HeldHomeTest {

  @TempDir private static Path folder;
  private static Path home;
  private static StageProcess up;
  private static StageProcess servers;

  @BeforeAll
  static void start() throws IOException {
    home = folder.resolve("home");
    up = StageProcess.on(home, folder, "up", "up", "--page-port=0");
    servers =
        StageProcess.on(
            home,
            folder,
            "servers",
            "simulate",
            "--port=0",
            "--profile=recompute",
            "--profile=hbm-prefix",
            "--model=toy");
    up.awaitSaying("Up: ");
    servers.awaitSaying("2-hbm-prefix: ");
  }

  @AfterAll
  static void stop() {
    servers.close();
    up.close();
  }

  private static String ask(String sql) throws IOException, InterruptedException {
    try (StageProcess asked = StageProcess.on(home, folder, "sql", "sql", "--format=csv", sql)) {
      assertThat(asked.exitStatus()).as(asked.said()).isZero();
      return asked.said();
    }
  }

  private static void measure(String strategy, String server) throws Exception {
    String url = servers.awaitSaying(server + ": (http://\\S+/v1) ").group(1) + "/completions";
    try (StageProcess run =
        StageProcess.on(
            home,
            folder,
            "run-" + strategy,
            "run",
            "--url=" + url,
            "--model=toy",
            "--strategy=" + strategy,
            "--experiment=joined",
            "--label=medium=" + strategy,
            "--dataset-name=synthetic",
            "--random-input-len=64",
            "--random-output-len=4",
            "--ignore-eos",
            "--num-prompts=6",
            "--request-rate=20,inf",
            "--repeats=1",
            "--num-warmups=1",
            "--ttft-slo=60s")) {
      // A busy machine makes a client-limited run of it, which is status 4.
      assertThat(run.exitStatus()).as(run.said()).isIn(0, 4);
      assertThat(run.said()).contains("Using what already runs on");
    }
  }

  @Test
  void strategiesMeasuredOneAfterTheOtherMeetInOneExperiment() throws Exception {
    measure("none", "1-recompute");
    measure("hbm", "2-hbm-prefix");

    assertThat(
            ask("""
            SELECT strategy, load_point, labels['medium'] AS medium, sum(n)::INT AS n,
              sum(failed)::INT AS failed
            FROM results WHERE experiment = 'joined' GROUP BY ALL ORDER BY ALL
            """)
                .lines())
        .containsExactly(
            "strategy,load_point,medium,n,failed",
            "hbm,rate=20,hbm,6,0",
            "hbm,rate=inf,hbm,6,0",
            "none,rate=20,none,6,0",
            "none,rate=inf,none,6,0");
    assertThat(ask("SELECT count(DISTINCT seed), count(*) FROM runs WHERE experiment = 'joined'"))
        .as("the same schedule for every strategy")
        .contains("2,4");
  }

  @Test
  void aSecondHolderIsRefusedAndToldWhoTheFirstIs() throws Exception {
    try (StageProcess second = StageProcess.on(home, folder, "second", "up", "--page-port=0")) {
      assertThat(second.exitStatus()).as(second.said()).isEqualTo(3);
      assertThat(second.said()).containsPattern("held by kvasir up \\(process \\d+");
    }
    try (StageProcess sink =
        StageProcess.on(
            home,
            folder,
            "sink",
            "sink",
            "--bootstrap-servers=" + up.awaitSaying("Kafka: (\\S+)").group(1),
            "--schema-registry=embedded")) {
      assertThat(sink.exitStatus()).as(sink.said()).isEqualTo(3);
      assertThat(sink.said()).containsPattern("held by kvasir up \\(process \\d+");
    }
  }

  @Test
  void theHolderExportsForOthers() throws Exception {
    Path files = folder.resolve("parquet");
    try (StageProcess export =
        StageProcess.on(home, folder, "export", "export", "-o", files.toString())) {
      assertThat(export.exitStatus()).as(export.said()).isZero();
    }
    try (Stream<Path> written = Files.list(files)) {
      assertThat(written.map(file -> file.getFileName().toString()).toList())
          .containsAll(List.of("results.parquet", "request_finished.parquet", "token.parquet"));
    }
  }

  @Test
  void sqlThatWouldWriteIsRefusedWithAReason() throws Exception {
    try (StageProcess asked =
        StageProcess.on(home, folder, "hostile", "sql", "DELETE FROM request_finished")) {
      assertThat(asked.exitStatus()).as(asked.said()).isEqualTo(1);
      assertThat(asked.said()).startsWith("kvasir: ").doesNotContain("\tat ");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        StageProcess other =
            StageProcess.on(
                folder.resolve("elsewhere"),
                folder,
                "taken",
                "up",
                "--page-port=" + taken.getLocalPort())) {
      assertThat(other.exitStatus()).as(other.said()).isEqualTo(1);
      assertThat(other.said())
          .contains(Integer.toString(taken.getLocalPort()))
          .contains("--page-port");
    }
  }
}
