package dev.kvasir.producer.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a run is ended before its load is: it is overloaded then, which is a result.
 *
 * @param errorRate share of the last 100 requests that may end otherwise than well, once 20 have
 *     ended; null for any
 * @param duration how long the measured part may take; null for any time
 * @param overSaturation whether a queue that grows without end ends the run
 */
public record StopRules(
    @Nullable Double errorRate, @Nullable Duration duration, boolean overSaturation) {

  /** Runs go on to their end. */
  public static final StopRules NONE = new StopRules(null, null, false);
}
