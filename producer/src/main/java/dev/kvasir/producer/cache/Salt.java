package dev.kvasir.producer.cache;

import dev.kvasir.producer.plan.CachePolicy;
import dev.kvasir.producer.workload.Prompt;
import org.jspecify.annotations.Nullable;

/** A text before every prompt of a run, so that no cache knows it. */
public final class Salt {

  private static final int RADIX = 36;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private Salt() {}

  /**
   * The salt of a run; null for none.
   *
   * @param execution number of the first run of the plan's execution
   * @param run run number
   * @param repeat repeat of its cell, from 1
   */
  public static @Nullable String of(
      CachePolicy.Salting salting, long execution, long run, int repeat) {
    return switch (salting) {
      case NONE -> null;
      case RUN -> text(run);
      case REPEAT -> text(execution + MIX * repeat);
    };
  }

  /** Digits that differ from the first one on, whatever the numbers have in common. */
  private static String text(long number) {
    long mixed = number * MIX;
    mixed = (mixed ^ (mixed >>> 32)) * MIX;
    return Long.toUnsignedString(mixed ^ (mixed >>> 29), RADIX);
  }

  /** The prompt with the salt before its first message; the prompt itself when there is none. */
  public static Prompt before(Prompt prompt, @Nullable String salt) {
    return salt == null ? prompt : prompt.after(salt + " ");
  }
}
