package dev.kvasir.sink.warehouse;

import java.time.Duration;

/**
 * What one query may take.
 *
 * @param time how long it may run
 * @param rows how many rows it may answer
 */
public record QueryLimits(Duration time, int rows) {

  /** Thirty seconds and ten thousand rows. */
  public static final QueryLimits USUAL = new QueryLimits(Duration.ofSeconds(30), 10_000);

  public QueryLimits {
    if (!time.isPositive() || rows < 1) {
      throw new IllegalArgumentException(
          "limits are " + time + " and " + rows + " rows; both must be above 0");
    }
  }
}
