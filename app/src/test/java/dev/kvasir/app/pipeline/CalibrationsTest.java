package dev.kvasir.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.producer.calibration.Calibration;
import dev.kvasir.producer.calibration.TrialResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationsTest {

  @TempDir private Path folder;

  @Test
  void aHomeKeepsTheLatestCalibration() {
    Home home = Home.at(folder.resolve("home"));
    assertThat(Calibrations.of(home)).isEmpty();
    TrialResult trial = new TrialResult(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    Calibrations.keep(home, new Calibration("old", 1, "j", "v", 1, List.of(), List.of()));
    Calibration latest = new Calibration("new", 2, "j", "v", 2, List.of(trial), List.of());
    Calibrations.keep(home, latest);

    assertThat(Calibrations.of(home)).contains(latest);
  }

  @Test
  void aFileThatIsNoCalibrationIsNamed() throws Exception {
    Home home = Home.at(folder);
    Files.writeString(home.calibration(), "nonsense");

    assertThatThrownBy(() -> Calibrations.of(home))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("calibration.json cannot be understood; remove it");
  }
}
