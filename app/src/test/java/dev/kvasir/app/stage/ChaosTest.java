package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short form of what {@code docs/reliability.md} reports: each stage is killed once. */
@Tag("long")
class ChaosTest {

  /** Kills broker, producer, sink and streams at nearly the same time. */
  private static final String SEED = "76";

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @TempDir private Path folder;

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void nothingIsLostOrDoubledWhenEveryStageIsKilled() throws Exception {
    try (StageProcess chaos =
        StageProcess.kvasir(
            folder,
            "chaos",
            List.of("--seed", SEED, "--kills", "4", "--rate", "10", "--requests", "40"),
            "chaos")) {
      int status = chaos.exitStatus(PATIENCE);

      assertThat(status).as(chaos.said()).isZero();
      assertThat(chaos.said()).contains("4 of them kills").doesNotContain(" NO ");
    }
  }
}
