package dev.kvasir.producer.plan;

import java.time.Duration;

/** Durations as plans write them, such as {@code 72h}. */
public final class PlanDuration {

  private PlanDuration() {}

  /**
   * Reads a duration.
   *
   * @param name what it is called, for the message
   * @throws IllegalArgumentException if the text is none
   */
  public static Duration parse(String name, String text) {
    Duration duration = Value.DURATION.parser().apply(text);
    if (duration == null) {
      throw new IllegalArgumentException(
          "%s is %s; it must be %s".formatted(name, text, Value.DURATION.expected()));
    }
    return duration;
  }
}
