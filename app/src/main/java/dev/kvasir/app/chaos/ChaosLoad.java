package dev.kvasir.app.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is sent meanwhile: short runs, one after the other.
 *
 * @param requestsPerSecond of each run
 * @param requestsPerRun measured requests of each run
 * @param tokensPerRequest tokens of each answer
 */
public record ChaosLoad(double requestsPerSecond, int requestsPerRun, int tokensPerRequest) {

  static final String STRATEGY = "simulated";
  static final String MODEL = "chaos";
  static final int WARM_UP = 4;

  public ChaosLoad {
    if (!(requestsPerSecond > 0) || requestsPerRun < 1 || tokensPerRequest < 1) {
      throw new IllegalArgumentException(
          "%s requests a second, %d a run, %d tokens each; all must be positive"
              .formatted(requestsPerSecond, requestsPerRun, tokensPerRequest));
    }
  }

  /** Writes a plan of so many such runs. */
  Path write(Path folder, String experiment, int runs) {
    String plan =
        """
        experiment: %s
        repeats: %d
        workload:
          kind: synthetic
          prompts: %d
          input-tokens: 64
          output-tokens: %d
          ignore-eos: true
          reason: what is measured here is Kvasir
        load: {rates: [%s]}
        warm-up: {requests: %d}
        timeout: 20s
        thresholds: {dispatch-lag: 1h, loop-lag: 1h, gc-pause: 1h, wall-step: 1h}
        strategies:
          - {name: %s, url: "http://127.0.0.1:1/v1/completions", model: %s}
        """
            .formatted(
                experiment,
                runs,
                requestsPerRun,
                tokensPerRequest,
                requestsPerSecond,
                WARM_UP,
                STRATEGY,
                MODEL);
    try {
      return Files.writeString(folder.resolve(experiment + ".yaml"), plan);
    } catch (IOException e) {
      throw new UncheckedIOException("the plan cannot be written to " + folder, e);
    }
  }
}
