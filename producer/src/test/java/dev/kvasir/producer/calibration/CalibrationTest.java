package dev.kvasir.producer.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.workload.DatasetFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  private static final Calibration CALIBRATED =
      new Calibration(
          "here",
          2,
          "jvm",
          "1",
          0,
          List.of(result(100, 5_000, 0.2), result(400, 20_000, 0.9), result(800, 40_000, 4)),
          List.of(result(500, 2_500, 0.1), result(2000, 10_000, 7), result(4000, 20_000, 0.5)));

  @Test
  void itReachesUpToTheFirstLoadThatExceedsTheLag() {
    assertThat(CALIBRATED.tokensPerSecond(1)).hasValue(20_000);
    assertThat(CALIBRATED.tokensPerSecond(5)).hasValue(40_000);
    assertThat(CALIBRATED.streams(1)).hasValue(500);
    assertThat(CALIBRATED.streams(5)).hasValue(800);
    assertThat(CALIBRATED.tokensPerSecond(0.1)).isEmpty();
  }

  @Test
  void aPlanThatAsksForMoreIsWarnedAbout() {
    assertThat(CALIBRATED.warnings(plan("rates: [50, 200, inf]")))
        .containsExactly(
            "rate=200 asks for about 102,400 tokens/s; this machine stamps up to 40,000 within 5 ms");
    assertThat(CALIBRATED.warnings(plan("concurrency: [16, 1000]")))
        .containsExactly(
            "concurrency=1000 keeps 1,000 streams; this machine stamps up to 800 within 5 ms");
  }

  private static TrialResult result(int streams, double tokensPerSecond, double lagP99Ms) {
    return new TrialResult(
        streams, tokensPerSecond, 0.1, lagP99Ms, 9, 9, 20, 21, 20, 21, 10, 500, 1, 0.3, 0);
  }

  private static Plan plan(String load) {
    return new PlanParser(new DatasetFolder(Path.of(".")), Set.of())
        .parse(
            "test.yaml",
            """
            experiment: e
            workload: {input-tokens: 20, prompts: 10, output-tokens: 512}
            load: {%s}
            strategies:
              - {name: s, url: "http://h:1/v1/completions", model: m}
            """
                .formatted(load));
  }
}
