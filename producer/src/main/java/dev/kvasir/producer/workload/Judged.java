package dev.kvasir.producer.workload;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The prompts that records give. What was refused once is not judged again, and accepted prompts
 * are kept as long as they are few. One thread uses it.
 */
final class Judged {

  private static final long MOST_CHARACTERS = 8L << 20;

  private final int size;
  private final IntFunction<@Nullable Prompt> judge;
  private final BitSet refused = new BitSet();
  private final Map<Integer, Prompt> kept = new HashMap<>();
  private long characters;

  /**
   * @param size the number of records
   * @param judge the prompt of the record at an index; null when it is not to be used
   */
  Judged(int size, IntFunction<@Nullable Prompt> judge) {
    this.size = size;
    this.judge = judge;
  }

  int size() {
    return size;
  }

  /** The prompt of the record at an index; null when it is not to be used. */
  @Nullable Prompt get(int index) {
    Prompt known = kept.get(index);
    if (known != null || refused.get(index)) {
      return known;
    }
    Prompt prompt = judge.apply(index);
    if (prompt == null) {
      refused.set(index);
    } else if (characters < MOST_CHARACTERS) {
      characters += prompt.text().length();
      kept.put(index, prompt);
    }
    return prompt;
  }
}
