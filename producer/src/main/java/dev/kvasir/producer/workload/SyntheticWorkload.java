package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Random words of exact token lengths. Prompts of one group share their first tokens; different
 * groups differ from the first token on, and warm-up prompts have groups of their own.
 */
final class SyntheticWorkload implements Workload {

  private final WorkloadSpec.Synthetic source;
  private final @Nullable TokenRange outputTokens;
  private final Tokenizer tokenizer;
  private final WordText text;

  SyntheticWorkload(
      WorkloadSpec.Synthetic source, @Nullable TokenRange outputTokens, Tokenizer tokenizer) {
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

  private List<Prompt> draw(int count, int beginning, SplittableRandom random, Set<String> seen) {
    List<String> prefixes = new ArrayList<>();
    for (int group = 0; group < source.prefixGroups(); group++) {
      prefixes.add(text.drawFrom(beginning + group, source.prefixTokens(), random));
    }
    List<Integer> groups = groups(count, random);
    List<Prompt> prompts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Integer group = groups.isEmpty() ? null : groups.get(i);
      prompts.add(unseen(group == null ? null : prefixes.get(group), group, random, seen));
    }
    return prompts;
  }

  /** Equally many prompts of each group, in random order; empty without groups. */
  private List<Integer> groups(int count, RandomGenerator random) {
    List<Integer> groups = new ArrayList<>();
    if (source.prefixGroups() == 0) {
      return groups;
    }
    for (int i = 0; i < count; i++) {
      groups.add(i % source.prefixGroups());
    }
    Collections.shuffle(groups, random);
    return groups;
  }

  /**
   * A prompt like no other, unless it is so short that the words do not give one: then a repeated
   * one is better than none.
   */
  private Prompt unseen(
      @Nullable String prefix, @Nullable Integer group, RandomGenerator random, Set<String> seen) {
    int tokens = source.inputTokens().draw(random);
    String prompt = compose(prefix, tokens, random);
    for (int attempt = 0; !seen.add(prompt) && attempt < 100; attempt++) {
      prompt = compose(prefix, tokens, random);
    }
    Integer output = outputTokens == null ? null : outputTokens.draw(random);
    return new Prompt(Prompt.messages(prompt), tokens, output, null, null, group);
  }

  private String compose(@Nullable String prefix, int tokens, RandomGenerator random) {
    if (prefix == null) {
      return text.draw(tokens, random);
    }
    StringBuilder prompt = new StringBuilder(tokens * 7).append(prefix);
    text.append(prompt, tokens - source.prefixTokens(), random);
    return prompt.toString();
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
