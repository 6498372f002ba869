package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Prompts drawn from the records of a file. A record is judged and its tokens are counted when it
 * is drawn. When the file has too few, measured prompts are drawn again at random, as vLLM does, or
 * it is an error, and warm-up prompts are made of words.
 */
final class DrawnWorkload implements Workload {

  private static final int SHORTEST_WARM_UP = 8;

  private final String file;
  private final Drawing drawing;
  private final Judged judged;
  private final Tokenizer tokenizer;
  private final List<String> skipped;

  /**
   * How prompts are taken.
   *
   * @param shuffle whether the seed draws the order; else that of the file
   * @param again whether prompts are drawn again when there are too few
   */
  record Drawing(boolean shuffle, boolean again) {}

  DrawnWorkload(
      String file, Drawing drawing, Judged judged, Tokenizer tokenizer, List<String> skipped) {
    this.file = file;
    this.drawing = drawing;
    this.judged = judged;
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
      Prompt prompt = judged.get(index);
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
    if (drawing.shuffle()) {
      Collections.shuffle(order, random);
    }
    return order;
  }

  private int drawAgain(List<Prompt> prompts, int wanted, RandomGenerator random) {
    int distinct = prompts.size();
    if (distinct == 0 && wanted > 0) {
      throw new DatasetException(
          "%s: none of its %d records gives a prompt; check the kind of workload and its rules"
              .formatted(file, judged.size()));
    }
    if (distinct < wanted && !drawing.again()) {
      throw new DatasetException(
          "%s: only %d of its %d records give a prompt, and %d are wanted; ask for fewer prompts, or"
                  .formatted(file, distinct, judged.size(), wanted)
              + " for rules that draw them again");
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
      int tokens = Math.max(SHORTEST_WARM_UP, like.promptTokens());
      Words text = Words.drawn(random.nextLong(), tokens - tokenizer.marks());
      Prompt made = Prompt.of(ComposedMessages.user(words, text), tokens, like.outputTokens());
      if (seen.add(made.text())) {
        warmUp.add(made);
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
