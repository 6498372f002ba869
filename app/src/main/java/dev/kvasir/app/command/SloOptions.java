package dev.kvasir.app.command;

import dev.kvasir.sink.figure.FigureRequest;
import dev.kvasir.sink.question.Parameter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Limits that are applied to every run, old ones too. */
final class SloOptions {

  @Option(
      names = "--ttft-slo",
      paramLabel = "MS",
      description = "Limit of the TTFT, ms, such as 125 or 125ms (default: each run's, else 125).")
  private @Nullable String ttft;

  @Option(
      names = "--tpot-slo",
      paramLabel = "MS",
      description = "Limit of the TPOT, ms (default: each run's, else 200).")
  private @Nullable String tpot;

  @Option(
      names = "--target",
      paramLabel = "SHARE",
      description = "Share to attain, such as 90%% or 0.9 (default: 90%%).")
  private @Nullable String target;

  /** The limits that were given. */
  FigureRequest.Limits limits() {
    return new FigureRequest.Limits(
        read(Parameter.Type.MILLISECONDS, "--ttft-slo", ttft),
        read(Parameter.Type.MILLISECONDS, "--tpot-slo", tpot),
        read(Parameter.Type.SHARE, "--target", target));
  }

  /** The limits and the share to attain as parameters of a question. */
  void addTo(Map<String, String> parameters) {
    FigureRequest.Limits limits = limits();
    if (limits.ttftMs() != null) {
      parameters.put("ttft_slo", limits.ttftMs().toString());
    }
    if (limits.tpotMs() != null) {
      parameters.put("tpot_slo", limits.tpotMs().toString());
    }
    if (limits.target() != null) {
      parameters.put("target", limits.target().toString());
    }
  }

  private static @Nullable Double read(Parameter.Type type, String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return (Double) type.parse(text);
    } catch (NumberFormatException e) {
      throw new Refusal(
          ExitCode.USAGE, "%s is %s; expected %s".formatted(option, text, type.expected()));
    }
  }
}
