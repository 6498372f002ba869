package dev.kvasir.app.command;

import dev.kvasir.producer.launch.ProcessTemplate;
import dev.kvasir.producer.launch.Serving;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSize;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.search.RateSearch;
import dev.kvasir.producer.search.SearchSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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

  /** A number as short as it can be written. */
  static String plain(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  /** How many runs and requests a plan makes, and how long they take as far as it says. */
  static String size(Plan plan) {
    if (plan.search() != null) {
      SearchSettings settings = plan.search().settings();
      int variants = plan.variants().size();
      return String.format(
          Locale.ROOT,
          "a search of %,d to about %,d runs",
          variants * RateSearch.fewestRuns(settings),
          variants * RateSearch.mostRuns(settings));
    }
    Matrix matrix = Matrix.of(plan);
    return "%s, %s, %s"
        .formatted(runs(matrix.runs().size()), requests(matrix, "request"), duration(matrix));
  }

  /**
   * How many requests are sent, such as {@code 1,200 requests, and in 2 runs as many as fit in 60
   * s}.
   *
   * @param noun what one of them is called
   */
  static String requests(Matrix matrix, String noun) {
    Map<String, Long> fitting = new LinkedHashMap<>();
    boolean about = false;
    for (RunSpec run : matrix.runs()) {
      about |= run.size() instanceof RunSize.About;
      if (run.size() instanceof RunSize.AsManyAsFit(Duration time)) {
        fitting.merge(of(time), 1L, Long::sum);
      }
    }
    String known =
        String.format(
            Locale.ROOT,
            "%s%,d %s%s",
            about ? "about " : "",
            matrix.requests(),
            noun,
            matrix.requests() == 1 ? "" : "s");
    String unknown =
        fitting.entrySet().stream()
            .map(each ->
                "in %s as many as fit in %s".formatted(runs(each.getValue()), each.getKey()))
            .collect(Collectors.joining(", "));
    if (fitting.isEmpty()) {
      return known;
    }
    if (fitting.size() == 1 && matrix.requests() == 0) {
      return "as many %ss as fit in %s each".formatted(noun, fitting.keySet().iterator().next());
    }
    return "%s, and %s".formatted(known, unknown);
  }

  /** How many requests a run sends, for a table. */
  static String requests(RunSpec run) {
    return switch (run.size()) {
      case RunSize.Exactly(long requests) -> Long.toString(requests);
      case RunSize.About(long requests) -> "~" + requests;
      case RunSize.AsManyAsFit _ -> "as fit";
    };
  }

  private static String duration(Matrix matrix) {
    long unknown = matrix.runsOfUnknownDuration();
    if (unknown == matrix.runs().size()) {
      return "as long as the server takes";
    }
    return of(matrix.scheduledDuration())
        + " of schedules"
        + (unknown == 0 ? "" : ", and %s as long as the server takes".formatted(runs(unknown)));
  }

  /** So many runs. */
  static String runs(long number) {
    return number == 1 ? "1 run" : String.format(Locale.ROOT, "%,d runs", number);
  }

  /** A duration such as {@code 1 h 12 min}, {@code 48 s} or {@code 50 ms}. */
  static String of(Duration duration) {
    if (!duration.isZero() && duration.toMillis() < 1000) {
      double millis = duration.toNanos() / 1e6;
      return millis < 10 && millis != Math.rint(millis)
          ? String.format(Locale.ROOT, "%.2g ms", millis)
          : String.format(Locale.ROOT, "%.0f ms", millis);
    }
    if (duration.toHours() > 0) {
      return parts(duration.toHours(), "h", duration.toMinutesPart(), "min");
    }
    if (duration.toMinutes() > 0) {
      return parts(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
    }
    return duration.toMillis() % 1000 != 0 && duration.toSeconds() < 10
        ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3)
        : String.format(Locale.ROOT, "%.0f s", duration.toMillis() / 1e3);
  }

  private static String parts(long large, String unit, int small, String smallUnit) {
    return small == 0
        ? "%d %s".formatted(large, unit)
        : "%d %s %d %s".formatted(large, unit, small, smallUnit);
  }

  /** An amount of memory such as {@code 50.0 GB}; a dash for null. */
  static String bytes(@Nullable Long bytes) {
    if (bytes == null) {
      return "-";
    }
    if (bytes < 1_000_000_000L) {
      return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
    return bytes < 1_000_000_000_000L
        ? String.format(Locale.ROOT, "%.1f GB", bytes / 1e9)
        : String.format(Locale.ROOT, "%.1f TB", bytes / 1e12);
  }
}
