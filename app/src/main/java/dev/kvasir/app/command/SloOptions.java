package dev.kvasir.app.command;

import dev.kvasir.sink.figure.FigureRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Limits that are applied to every run, old ones too. */
final class SloOptions {

  private static final double WHOLE = 100;

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
        millis("--ttft-slo", ttft), millis("--tpot-slo", tpot), share());
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

  private static @Nullable Double millis(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    boolean seconds = text.matches("[0-9.]+s");
    return number(option, text.replaceFirst("m?s$", ""), "milliseconds, such as 125ms")
        * (seconds ? 1000 : 1);
  }

  private @Nullable Double share() {
    if (target == null) {
      return null;
    }
    double value = number("--target", target.replace("%", ""), "a share, such as 90% or 0.9");
    return target.endsWith("%") || value > 1 ? value / WHOLE : value;
  }

  private static double number(String option, String text, String expected) {
    try {
      double value = Double.parseDouble(text);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw refusal(option, text, expected);
    }
    throw refusal(option, text, expected);
  }

  private static Refusal refusal(String option, String text, String expected) {
    return new Refusal(ExitCode.USAGE, "%s is %s; expected %s".formatted(option, text, expected));
  }
}
