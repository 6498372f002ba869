package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home that a long run uses is used by others too; afterwards its tables are made again. */
@Tag("long")
class SharedHomeTest {

  private static final Path RESULTS =
      Path.of("../sink/src/test/resources/dev/kvasir/sink/imports/files/pd");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir private Path folder;

  @Test
  void everyCommandWorksWhileARunGoesOnAndAReplayMakesTheSameTables() throws Exception {
    Path home = folder.resolve("home");
    Path endless = Plans.write(folder, "endless", 50_000, 5, "recompute");
    Path brief = Plans.write(folder, "brief", 6, 10, "hbm-prefix");
    try (StageProcess soak =
        StageProcess.on(home, folder, "soak", "run", endless.toString(), "--page-port=0")) {
      soak.awaitSaying("Live page");
      await().atMost(PATIENCE).until(() -> ask(home, "SELECT count(*) FROM request_sent") > 5);

      assertThat(say(home, "second", "run", brief.toString())).contains("hbm-prefix rate=10");
      assertThat(say(home, "import", "import", RESULTS.toString())).contains("4 runs imported");
      assertThat(say(home, "label", "label", "--experiment=pd", "site=here"))
          .contains("4 runs labelled");
      assertThat(say(home, "compare", "compare", "pd", "--anyway")).contains("nixl");
      assertThat(say(home, "archive", "archive", "--expire", "--older-than", "1s"))
          .contains("records of")
          .containsPattern("[1-9][0-9,]* records have left the log");
      Path drawn = folder.resolve("drawn");
      say(
          home,
          "figures",
          "figures",
          "latency",
          "--where=experiment = 'pd'",
          "-o",
          drawn.toString());
      assertThat(drawn).isNotEmptyDirectory();
      long before = ask(home, "SELECT count(*) FROM request_sent");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(ask(home, "SELECT count(*) FROM request_sent"))
                  .as("the long run goes on")
                  .isGreaterThan(before));

      soak.interrupt();
      assertThat(soak.exitStatus()).as(soak.said()).isEqualTo(130);
    }
    // What was published last is loaded by whoever holds the home next.
    say(home, "labelled-again", "label", "--experiment=pd", "site=there");

    JsonNode first = replay(home, "replay");
    assertThat(first.path("tables")).isEqualTo(first.path("before")).isNotEmpty();
    Files.delete(home.resolve("warehouse.duckdb"));
    JsonNode second = replay(home, "replay-of-nothing");

    assertThat(second.path("before")).isEmpty();
    assertThat(second.path("tables")).isEqualTo(first.path("tables"));
    assertThat(ask(home, "SELECT count(*) FROM run_labelled")).isEqualTo(8);
    assertThat(ask(home, "SELECT count(*) FROM run_imported")).isEqualTo(4);
  }

  private JsonNode replay(Path home, String name) throws Exception {
    String said = say(home, name, "replay", "--json");
    return new ObjectMapper().readTree(said.substring(said.indexOf('{')));
  }

  /** What a command says that must end well. */
  private String say(Path home, String name, String... command) throws Exception {
    try (StageProcess process = StageProcess.on(home, folder, name, command)) {
      // A busy machine makes a client-limited run of a short one, which is status 4.
      List<Integer> fine = new ArrayList<>(List.of(0));
      if (command[0].equals("run")) {
        fine.add(4);
      }
      assertThat(process.exitStatus()).as(process.said()).isIn(fine);
      return process.said();
    }
  }

  /** A number from the warehouse, whoever holds it; -1 while it cannot be asked. */
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
