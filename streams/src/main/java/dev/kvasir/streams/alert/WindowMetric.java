package dev.kvasir.streams.alert;

import dev.kvasir.event.LatencySummary;
import dev.kvasir.event.WindowMeasured;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a rule can watch in a window: {@code <latency>_<statistic>_ms} with a latency of {@code
 * ttft}, {@code ttft_sent}, {@code itl}, {@code tpot}, {@code e2e} and a statistic of {@code mean},
 * {@code min}, {@code p50}, {@code p90}, {@code p99}, {@code max}; and the names in {@link #of}.
 */
@FunctionalInterface
interface WindowMetric {

  /** The value in a window; null when the window does not tell. */
  @Nullable Double in(WindowMeasured window);

  /** A statistic of a latency and, for a percentile, its quantile. */
  private static @Nullable Statistic statistic(String name) {
    return switch (name) {
      case "mean" -> new Statistic(LatencySummary::getMeanNanos, 0);
      case "min" -> new Statistic(LatencySummary::getMinNanos, 0);
      case "p50" -> new Statistic(LatencySummary::getP50Nanos, 0.50);
      case "p90" -> new Statistic(LatencySummary::getP90Nanos, 0.90);
      case "p99" -> new Statistic(LatencySummary::getP99Nanos, 0.99);
      case "max" -> new Statistic(LatencySummary::getMaxNanos, 1);
      default -> null;
    };
  }

  /** The metric of a name; null if the name is none of a window's. */
  static @Nullable WindowMetric of(String name) {
    return switch (name) {
      case "attainment" -> WindowMeasured::getAttainment;
      case "success_rate" -> window -> share(window.getOk(), window);
      case "attainment_ttft" -> window -> share(window.getAttainedTtft(), window);
      case "attainment_tpot" -> window -> share(window.getAttainedTpot(), window);
      case "oldest_wait_ms" -> WindowMetric::oldestWaitMillis;
      case "in_flight" -> window -> (double) window.getInFlight();
      case "waiting" -> window -> (double) window.getWaiting();
      case "breached" -> window -> (double) window.getBreached();
      case "failed" -> window -> (double) window.getFailed();
      case "timeouts" -> window -> (double) window.getTimeouts();
      case "tokens_per_second" -> window -> perSecond(window.getTokens(), window);
      case "requests_per_second" -> window -> perSecond(window.getOk(), window);
      default -> latency(name);
    };
  }

  private static @Nullable WindowMetric latency(String name) {
    int end = name.lastIndexOf("_ms");
    int split = end < 0 ? -1 : name.lastIndexOf('_', end - 1);
    if (split < 0 || end + 3 != name.length()) {
      return null;
    }
    Statistic statistic = statistic(name.substring(split + 1, end));
    if (statistic == null) {
      return null;
    }
    return switch (name.substring(0, split)) {
      case "ttft" -> window -> statistic.withWaiting(window);
      case "ttft_sent" -> window -> statistic.millis(window.getTtftSent());
      case "itl" -> window -> statistic.millis(window.getItl());
      case "tpot" -> window -> statistic.millis(window.getTpot());
      case "e2e" -> window -> statistic.millis(window.getE2e());
      default -> null;
    };
  }

  private static @Nullable Double oldestWaitMillis(WindowMeasured window) {
    Long nanos = window.getOldestWaitNanos();
    return nanos == null ? null : nanos / 1e6;
  }

  private static @Nullable Double share(long part, WindowMeasured window) {
    long ended = window.getOk() + window.getFailed();
    return ended == 0 ? null : (double) part / ended;
  }

  private static @Nullable Double perSecond(long count, WindowMeasured window) {
    return window.getSeconds() == 0 ? null : (double) count / window.getSeconds();
  }

  /**
   * One figure of a summary.
   *
   * @param nanos the figure
   * @param quantile its quantile; 0 if it has none
   */
  record Statistic(ToDoubleFunction<LatencySummary> nanos, double quantile) {

    @Nullable Double millis(@Nullable LatencySummary summary) {
      return summary == null ? null : nanos.applyAsDouble(summary) / 1e6;
    }

    /**
     * The figure with the requests that wait counted as at least their wait: when they are enough
     * to decide the percentile, it is at least the oldest wait.
     */
    @Nullable Double withWaiting(WindowMeasured window) {
      Double answered = millis(window.getTtft());
      Double wait = oldestWaitMillis(window);
      if (wait == null || quantile == 0) {
        return answered;
      }
      LatencySummary ttft = window.getTtft();
      long count = ttft == null ? 0 : ttft.getCount();
      boolean decides = window.getWaiting() >= (1 - quantile) * (count + window.getWaiting());
      if (!decides) {
        return answered;
      }
      return answered == null ? wait : Double.valueOf(Math.max(answered, wait));
    }
  }
}
