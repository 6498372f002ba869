package dev.kvasir.producer.cache;

import dev.kvasir.producer.plan.CachePolicy;
import dev.kvasir.producer.workload.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * A text before every prompt of a run, so that no cache knows it.
 *
 * @param text what stands before the first prompts; null for nothing
 * @param cycle after how many prompts another one does; 0 for never
 */
public record Salt(@Nullable String text, int cycle) {

  /** Nothing. */
  public static final Salt NONE = new Salt(null, 0);

  private static final int RADIX = 36;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  /**
   * The salt of a run.
   *
   * @param execution number of the first run of the plan's execution
   * @param run run number
   * @param repeat repeat of its cell, from 1
   * @param prompts different prompts of the run
   */
  public static Salt of(
      CachePolicy.Salting salting, long execution, long run, int repeat, int prompts) {
    return switch (salting) {
      case NONE -> NONE;
      case RUN -> new Salt(text(run), 0);
      case REPEAT -> new Salt(text(execution + MIX * repeat), 0);
      case CYCLE -> new Salt(text(run), prompts);
    };
  }

  /** Digits that differ from the first one on, whatever the numbers have in common. */
  private static String text(long number) {
    long mixed = number * MIX;
    mixed = (mixed ^ (mixed >>> 32)) * MIX;
    return Long.toUnsignedString(mixed ^ (mixed >>> 29), RADIX);
  }

  /** The prompt with the salt before its first message; the prompt itself when there is none. */
  public Prompt before(Prompt prompt, int ordinal) {
    if (text == null) {
      return prompt;
    }
    int times = cycle == 0 ? 0 : Math.max(0, ordinal) / cycle;
    return prompt.after(
        (times == 0 ? text : text(Long.parseUnsignedLong(text, RADIX) + times)) + " ");
  }
}
