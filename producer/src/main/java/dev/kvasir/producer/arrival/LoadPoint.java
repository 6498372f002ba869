package dev.kvasir.producer.arrival;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How hard the server is driven in one run. */
public sealed interface LoadPoint {

  /**
   * The load point as a short text, such as {@code rate=2.5}, {@code rate=inf} or {@code
   * concurrency=16}: the same for every strategy, different for different load points, and made of
   * the characters {@code a-z 0-9 . = -} only.
   */
  String text();

  /**
   * Requests leave when they are due, whatever the server does.
   *
   * @param process how gaps are spread
   * @param rate requests per second, above 0; +Infinity is everything at once
   * @param maxInFlight cap on requests in flight: those above it queue, and their latency still
   *     counts from when they were due; null for no cap
   */
  record Open(ArrivalProcess process, double rate, @Nullable Integer maxInFlight)
      implements LoadPoint {
    public Open {
      if (!(rate > 0)) {
        throw new IllegalArgumentException("rate is " + rate + "; it must be above 0");
      }
      if (maxInFlight != null && maxInFlight < 1) {
        throw new IllegalArgumentException("maxInFlight is " + maxInFlight + "; it must be >= 1");
      }
    }

    @Override
    public String text() {
      String cap = maxInFlight == null ? "" : "-cap=" + maxInFlight;
      if (Double.isInfinite(rate)) {
        return "rate=inf" + cap;
      }
      String spread =
          switch (process) {
            case ArrivalProcess.Poisson() -> "";
            case ArrivalProcess.Constant() -> "-constant";
            case ArrivalProcess.Gamma(double burstiness) -> "-burstiness=" + plain(burstiness);
          };
      return "rate=" + plain(rate) + spread + cap;
    }

    private static String plain(double number) {
      return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
  }

  /**
   * A fixed number of requests is in flight; the next one is due when one ends.
   *
   * @param concurrency requests in flight, at least 1
   */
  record Closed(int concurrency) implements LoadPoint {
    public Closed {
      if (concurrency < 1) {
        throw new IllegalArgumentException("concurrency is " + concurrency + "; it must be >= 1");
      }
    }

    @Override
    public String text() {
      return "concurrency=" + concurrency;
    }
  }
}
