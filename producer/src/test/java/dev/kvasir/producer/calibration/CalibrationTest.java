package dev.kvasir.producer.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.producer.workload.Workloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{rates: [50, 200], arrivals: constant} | rate=200-constant asks for about 102,400 tokens/s",
        "{rates: 20, duration: 60s, arrivals: constant} | ",
        "{ramp: {from: 1, to: 200}} | ramp",
        "{steps: [{rate: 10, for: 1m}, {rate: 200, for: 15s}]} | steps",
        "{steps: [{rate: 10, for: 1m}, {rate: 200, for: 1s}], arrivals: constant} | ",
        "{concurrency: [16, 1000]} | concurrency=1000 has up to 1,000 streams at once",
        "{burst: [100, 900]} | burst=900 has up to 900 streams at once",
        "{rates: inf} | rate=inf has up to 5,000 streams at once",
        "{rates: inf, max-in-flight: 500} | "
      })
  void aPlanThatAsksForMoreIsWarnedAbout(String load, @Nullable String warned) {
    List<String> warnings = CALIBRATED.warnings(plan(load, ""));

    if (warned == null) {
      assertThat(warnings).isEmpty();
    } else {
      assertThat(warnings).hasSize(1).first().asString().startsWith(warned);
    }
  }

  @Test
  void aRateOfSessionsAsksForAllTheirTurns() {
    assertThat(
            CALIBRATED.warnings(
                plan("{rates: 20, arrivals: constant}", "kind: sessions, turns: 10, ")))
        .containsExactly(
            "rate=20-constant asks for about 102,400 tokens/s in its busiest 10 s; this machine"
                + " stamps up to 40,000 within 5 ms");
  }

  @Test
  void whatThePlanAloneDoesNotTellThePromptsDo(@TempDir Path folder) throws IOException {
    StringBuilder trace = new StringBuilder("timestamp,input_length,output_length\n");
    for (int request = 0; request < 2000; request++) {
      trace.append("%.3f,20,500%n".formatted(request * 0.01));
    }
    Files.writeString(folder.resolve("trace.csv"), trace);
    DatasetFolder datasets = new DatasetFolder(folder);
    Plan plan =
        new PlanParser(datasets, Set.of())
            .parse(
                "test.yaml",
                """
                experiment: e
                workload: {kind: trace, file: trace.csv, time-unit: s, fields: {time: timestamp, input-tokens: input_length, output-tokens: output_length}}
                load: {trace-speed: [0.1, 1]}
                strategies:
                  - {name: s, url: "http://h:1/v1/completions", model: m}
                """);

    assertThat(CALIBRATED.warnings(plan)).isEmpty();
    assertThat(CALIBRATED.warnings(plan, Workloads.load(plan.workloads(), datasets)))
        .containsExactly(
            "trace-speed=1 asks for about 50,000 tokens/s in its busiest 10 s; this machine stamps"
                + " up to 40,000 within 5 ms");
  }

  private static TrialResult result(int streams, double tokensPerSecond, double lagP99Ms) {
    return new TrialResult(
        streams, tokensPerSecond, 0.1, lagP99Ms, 9, 9, 20, 21, 20, 21, 10, 500, 1, 0.3, 0);
  }

  private static Plan plan(String load, String workload) {
    return new PlanParser(new DatasetFolder(Path.of(".")), Set.of())
        .parse(
            "test.yaml",
            """
            experiment: e
            workload: {%sinput-tokens: 20, prompts: 5000, output-tokens: 512}
            load: %s
            strategies:
              - {name: s, url: "http://h:1/v1/completions", model: m}
            """
                .formatted(workload, load));
  }
}
