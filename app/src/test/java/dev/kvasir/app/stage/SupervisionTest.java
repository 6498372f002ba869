package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisionTest {

  @TempDir private Path folder;

  @Test
  void upStartsItsStagesAgainOnTheSamePortsAndSaysSo() throws Exception {
    Path home = folder.resolve("home");
    try (StageProcess up = StageProcess.on(home, folder, "up", "up", "--page-port", "0")) {
      up.awaitSaying("Up: ");

      assertThat(ProcessHandle.of(holder(home)).orElseThrow().destroyForcibly()).isTrue();

      up.awaitSaying("the stages ended with status 137; they are started again in 1 s");
      up.awaitSaying("(?s)Up: .*Up: ");
      for (String address : List.of("Kafka: ", "Live page: ")) {
        assertThat(up.said().lines().filter(line -> line.startsWith(address)).distinct())
            .as(address)
            .hasSize(1);
      }
    }
    assertThat(home.resolve("holder.json")).doesNotExist();
  }

  private static long holder(Path home) throws IOException {
    return new ObjectMapper()
        .readTree(Files.readString(home.resolve("holder.json")))
        .get("pid")
        .asLong();
  }
}
