package dev.kvasir.app.command;

import dev.kvasir.producer.launch.ProcessTemplate;
import dev.kvasir.producer.launch.Serving;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parts of a plan as text for people. */
final class PlanWords {

  private PlanWords() {}

  /** Where a strategy's requests go. */
  static String target(Strategy strategy) {
    return switch (strategy.target()) {
      case Target.Remote(String url) -> url;
      case Target.Served(Serving serving) ->
          serving.processes().stream()
              .map(ProcessTemplate::name)
              .collect(Collectors.joining(", ", "starts ", ""));
      case Target.Simulated simulated -> "simulator, profile " + simulated.profile();
    };
  }

  /** A duration such as {@code 1 h 12 min} or {@code 48 s}. */
  static String of(Duration duration) {
    if (duration.toHours() > 0) {
      return "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
    }
    if (duration.toMinutes() > 0) {
      return "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
    return "%.0f s".formatted(duration.toMillis() / 1e3);
  }

  /** An amount of memory such as {@code 50.0 GB}; a dash for null. */
  static String bytes(@Nullable Long bytes) {
    if (bytes == null) {
      return "-";
    }
    if (bytes < 1_000_000_000L) {
      return "%.1f MB".formatted(bytes / 1e6);
    }
    return bytes < 1_000_000_000_000L
        ? "%.1f GB".formatted(bytes / 1e9)
        : "%.1f TB".formatted(bytes / 1e12);
  }
}
