package dev.kvasir.producer.cache;

import dev.kvasir.producer.workload.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * A text before every prompt of a run, so that no cache knows it.
 *
 * @param text what stands before the first prompts; null for nothing
 * @param cycle after how many prompts of a pass another one does; 0 for never
 * @param pass requests of a pass, after which another one does too; 0 where passes do not count
 */
public record Salt(@Nullable String text, int cycle, int pass) {

  /** Nothing. */
  public static final Salt NONE = same(null);

  private static final int RADIX = 36;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** The same text before every prompt. */
  public static Salt same(@Nullable String text) {
    return new Salt(text, 0, 0);
  }

  /**
   * Another text each time that prompts are sent again.
   *
   * @param prompts different prompts of the run
   * @param requests requests of a pass; null when a length of time decides
   */
  public static Salt cycle(@Nullable String text, int prompts, @Nullable Integer requests) {
    return new Salt(text, prompts, requests == null ? 0 : requests);
  }

  /** Digits that differ from the first one on, whatever the numbers have in common. */
  static String text(long number) {
    long mixed = number * MIX;
    mixed = (mixed ^ (mixed >>> 32)) * MIX;
    return Long.toUnsignedString(mixed ^ (mixed >>> 29), RADIX);
  }

  /** The prompt with the salt before its first message; the prompt itself when there is none. */
  public Prompt before(Prompt prompt, int ordinal) {
    if (text == null) {
      return prompt;
    }
    int times = cycle == 0 ? 0 : times(Math.max(0, ordinal));
    return prompt.after(
        (times == 0 ? text : text(Long.parseUnsignedLong(text, RADIX) + times)) + " ");
  }

  /** How often the prompts were begun anew before a request. */
  private int times(int ordinal) {
    return pass == 0
        ? ordinal / cycle
        : ordinal / pass * Math.ceilDiv(pass, cycle) + ordinal % pass / cycle;
  }
}
