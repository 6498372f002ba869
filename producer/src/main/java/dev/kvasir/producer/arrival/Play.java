package dev.kvasir.producer.arrival;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a load point is played.
 *
 * @param passes how often the same prompts are sent, at least 1
 * @param pause time between the end of a pass and the next one
 * @param length how long requests are issued; null when their number decides
 * @param thinkTime time between the end of a user's request and that user's next one: the turns of
 *     a session, the requests of a closed loop, the rounds of a burst
 */
public record Play(int passes, Duration pause, @Nullable Duration length, ThinkTime thinkTime) {

  /** Once, until every prompt was sent, without a pause. */
  public static final Play ONCE = new Play(1, Duration.ZERO, null, ThinkTime.NONE);

  public Play {
    if (passes < 1 || pause.isNegative()) {
      throw new IllegalArgumentException("%d passes, pause %s".formatted(passes, pause));
    }
    if (length != null && (length.isZero() || length.isNegative())) {
      throw new IllegalArgumentException("a length of " + length + "; it must be above 0");
    }
  }

  /** What differs from {@link #ONCE}, to follow a load point's text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    if (length != null) {
      text.append("-for=").append(seconds(length));
    }
    if (!thinkTime.isNone()) {
      text.append("-think=").append(thinkTime.text().replace(' ', '-'));
    }
    if (passes > 1) {
      text.append("-passes=").append(passes);
    }
    return text.toString();
  }

  private static String seconds(Duration duration) {
    return PlainNumber.of(duration.toNanos() / 1e9) + "s";
  }
}
