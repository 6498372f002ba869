package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Random words of exact token lengths. Prompts of one group share their first tokens; different
 * groups differ from the first word on, and warm-up prompts have groups of their own.
 */
final class SyntheticWorkload implements Workload {

  /** From so many words of their own on, two prompts are never drawn alike. */
  private static final int SURELY_DIFFERENT = 8;

  private final Source.Synthetic source;
  private final @Nullable TokenRange outputTokens;
  private final Tokenizer tokenizer;
  private final WordText text;

  SyntheticWorkload(
      Source.Synthetic source, @Nullable TokenRange outputTokens, Tokenizer tokenizer) {
    int shortest = source.prefixGroups() > 0 ? source.prefixTokens() : source.inputTokens().min();
    if (shortest <= tokenizer.marks()) {
      throw new DatasetException(
          "prompts of %d tokens cannot be made: %s marks each with %d; ask for more input-tokens"
              .formatted(shortest, tokenizer.name(), tokenizer.marks()));
    }
    this.source = source;
    this.outputTokens = outputTokens;
    this.tokenizer = tokenizer;
    this.text = new WordText(tokenizer);
  }

  @Override
  public PromptSet prompts(int measured, int warmUp, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom warmUpRandom = random.split();
    int beginning = random.nextInt(text.beginnings());
    Set<String> seen = new HashSet<>();
    List<Prompt> measuredPrompts = draw(measured, beginning, random, seen);
    List<Prompt> warmUpPrompts =
        draw(warmUp, beginning + source.prefixGroups(), warmUpRandom, seen);
    return new PromptSet(measuredPrompts, warmUpPrompts, 0, WorkloadHash.of(measuredPrompts));
  }

  private List<Prompt> draw(int count, int beginning, RandomGenerator random, Set<String> seen) {
    List<Words> prefixes = new ArrayList<>();
    for (int group = 0; group < source.prefixGroups(); group++) {
      int words = source.prefixTokens() - tokenizer.marks();
      prefixes.add(new Words(random.nextLong(), words, beginning + group));
    }
    List<Integer> groups = groups(count, random);
    List<Prompt> prompts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Integer group = groups.isEmpty() ? null : groups.get(i);
      prompts.add(unseen(group == null ? null : prefixes.get(group), group, random, seen));
    }
    return prompts;
  }

  /** The groups of the prompts in their order; empty without groups. */
  private List<Integer> groups(int count, RandomGenerator random) {
    if (source.prefixGroups() == 0) {
      return List.of();
    }
    int[] members =
        source.zipf() == null
            ? Popularity.even(count, source.prefixGroups())
            : Popularity.zipf(count, source.prefixGroups(), source.zipf(), random);
    return source.order().sequence(members, random);
  }

  /**
   * A prompt like no other, unless it is so short that the words do not give one: then a repeated
   * one is better than none.
   */
  private Prompt unseen(
      @Nullable Words prefix, @Nullable Integer group, RandomGenerator random, Set<String> seen) {
    int tokens = source.inputTokens().draw(random);
    int before = prefix == null ? tokenizer.marks() : source.prefixTokens();
    List<Message> messages = messages(prefix, tokens - before, random);
    if (tokens - before < SURELY_DIFFERENT) {
      for (int i = 0; i < 100 && !seen.add(Prompt.text(messages)); i++) {
        messages = messages(prefix, tokens - before, random);
      }
    }
    Integer output = outputTokens == null ? null : outputTokens.draw(random);
    return new Prompt(messages, tokens, output, null, null, group);
  }

  private List<Message> messages(@Nullable Words prefix, int own, RandomGenerator random) {
    Words rest = Words.drawn(random.nextLong(), own);
    return prefix == null
        ? ComposedMessages.user(text, rest)
        : ComposedMessages.user(text, prefix, rest);
  }

  @Override
  public String tokenizer() {
    return tokenizer.name();
  }

  @Override
  public List<String> skipped() {
    return List.of();
  }
}
