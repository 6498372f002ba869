package dev.kvasir.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.PlanSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NextCommandsTest {

  @TempDir private Path folder;

  @Test
  void commandsNameAHomeThatIsNotTheUsualOne() {
    assertThat(NextCommands.of(new Home(Path.of("/elsewhere/home")), "e", null))
        .hasSize(4)
        .allSatisfy(command -> assertThat(command).contains(" --home /elsewhere/home "));
  }

  @Test
  void goingOnTakesTheSettingsThatTheRunWasGiven() throws Exception {
    Path file = Files.writeString(folder.resolve("plan.yaml"), "experiment: e");
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("load.rates", "5,10");
    settings.put("model", "it's");

    assertThat(NextCommands.goingOn(PlanSource.file(file, settings, true)))
        .isEqualTo(
            "run %s --set load.rates=5,10 --set 'model=it'\\''s' --quick --resume".formatted(file));
  }

  @Test
  void aPlanOfOptionsHasNoFileToGoOnWith() {
    assertThat(NextCommands.goingOn(PlanSource.options(Map.of()))).isNull();
  }
}
