package dev.kvasir.app.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Plans on the simulator, whose verdict does not depend on how busy the machine is. */
final class Plans {

  /** Tokens of every answer. */
  static final int OUTPUT_TOKENS = 8;

  /** Requests before each run. */
  static final int WARM_UP = 2;

  private Plans() {}

  /** Writes a plan of one run for each strategy. */
  static Path write(Path folder, String experiment, int prompts, double rate, String... strategies)
      throws IOException {
    return write(folder, experiment, prompts, List.of(rate), strategies);
  }

  /** Writes a plan of one run for each strategy and rate. */
  static Path write(
      Path folder, String experiment, int prompts, List<Double> rates, String... strategies)
      throws IOException {
    StringBuilder plan =
        new StringBuilder(
            """
            experiment: %s
            repeats: 1
            workload:
              kind: synthetic
              prompts: %d
              input-tokens: 64
              output-tokens: %d
              ignore-eos: true
              reason: a test
            load: {rates: %s}
            warm-up: {requests: %d}
            thresholds: {dispatch-lag: 60s, loop-lag: 60s, gc-pause: 60s, wall-step: 60s}
            strategies:
            """
                .formatted(experiment, prompts, OUTPUT_TOKENS, rates, WARM_UP));
    for (String strategy : strategies) {
      plan.append("  - {name: %s, simulate: %s}\n".formatted(strategy, strategy));
    }
    return Files.writeString(folder.resolve(experiment + ".yaml"), plan);
  }
}
