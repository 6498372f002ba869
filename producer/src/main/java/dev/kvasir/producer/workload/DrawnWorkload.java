package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prompts drawn from the records of a file. A record is judged and its tokens are counted when it
 * is first drawn. When the file has too few, measured prompts are drawn again at random, as vLLM
 * does, and warm-up prompts are made of words.
 */
final class DrawnWorkload implements Workload {

  private final String file;
  private final boolean shuffle;
  private final IntFunction<@Nullable Prompt> judge;
  private final List<@Nullable Optional<Prompt>> judged;
  private final Tokenizer tokenizer;
  private final List<String> skipped;

  /**
   * @param records the number of records
   * @param judge the prompt of the record at an index; null when it is not to be used
   */
  DrawnWorkload(
      String file,
      boolean shuffle,
      int records,
      IntFunction<@Nullable Prompt> judge,
      Tokenizer tokenizer,
      List<String> skipped) {
    this.file = file;
    this.shuffle = shuffle;
    this.judge = judge;
    this.judged = new ArrayList<>(Collections.nCopies(records, null));
    this.tokenizer = tokenizer;
    this.skipped = skipped;
  }

  @Override
  public PromptSet prompts(int measured, int warmUp, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom wordRandom = random.split();
    List<Prompt> measuredPrompts = new ArrayList<>();
    List<Prompt> warmUpPrompts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int index : order(random)) {
      if (measuredPrompts.size() == measured && warmUpPrompts.size() == warmUp) {
        break;
      }
      Prompt prompt = prompt(index).orElse(null);
      if (prompt == null) {
        continue;
      }
      if (measuredPrompts.size() < measured) {
        measuredPrompts.add(prompt);
        seen.add(prompt.text());
      } else if (!seen.contains(prompt.text())) {
        warmUpPrompts.add(prompt);
      }
    }
    int repeated = drawAgain(measuredPrompts, measured, random);
    makeUp(warmUpPrompts, warmUp, measuredPrompts, seen, wordRandom);
    return new PromptSet(
        measuredPrompts, warmUpPrompts, repeated, WorkloadHash.of(measuredPrompts));
  }

  private List<Integer> order(RandomGenerator random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, judged.size()).boxed().toList());
    if (shuffle) {
      Collections.shuffle(order, random);
    }
    return order;
  }

  private Optional<Prompt> prompt(int index) {
    Optional<Prompt> known = judged.get(index);
    if (known != null) {
      return known;
    }
    Optional<Prompt> prompt = Optional.ofNullable(judge.apply(index));
    judged.set(index, prompt);
    return prompt;
  }

  private int drawAgain(List<Prompt> prompts, int wanted, RandomGenerator random) {
    int distinct = prompts.size();
    if (distinct == 0 && wanted > 0) {
      throw new DatasetException(
          "%s: none of its %d records gives a prompt; check the kind of workload and its rules"
              .formatted(file, judged.size()));
    }
    while (prompts.size() < wanted) {
      prompts.add(prompts.get(random.nextInt(distinct)));
    }
    return prompts.size() - distinct;
  }

  /** Fills up with words, in the lengths of the measured prompts. */
  private void makeUp(
      List<Prompt> warmUp,
      int wanted,
      List<Prompt> measured,
      Set<String> seen,
      RandomGenerator random) {
    if (warmUp.size() >= wanted) {
      return;
    }
    WordText words = new WordText(tokenizer);
    while (warmUp.size() < wanted) {
      Prompt like = measured.get(warmUp.size() % measured.size());
      int tokens = Math.max(4, like.promptTokens());
      String text = words.draw(tokens, random);
      if (seen.add(text)) {
        warmUp.add(Prompt.of(Prompt.messages(text), tokens, like.outputTokens()));
      }
    }
  }

  @Override
  public String tokenizer() {
    return tokenizer.name();
  }

  @Override
  public List<String> skipped() {
    return skipped;
  }
}
