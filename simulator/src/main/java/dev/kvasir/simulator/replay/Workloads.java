package dev.kvasir.simulator.replay;

import dev.kvasir.simulator.engine.Prompt;
import dev.kvasir.simulator.engine.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Schedules of requests that are made up, the same ones for the same seed. */
public final class Workloads {
  private static final int PIECE = 64;

  /**
   * What to make up.
   *
   * @param requests how many
   * @param perSecond mean rate of arrivals; infinite for all at once
   * @param inputTokens tokens of each prompt
   * @param prefixTokens tokens, from the first on, that a group of prompts has in common
   * @param groups how many such groups there are
   * @param outputTokens tokens of each answer
   * @param seed of prompts and arrivals
   */
  public record Synthetic(
      int requests,
      double perSecond,
      int inputTokens,
      int prefixTokens,
      int groups,
      int outputTokens,
      long seed) {
    public Synthetic {
      if (requests < 1 || inputTokens < 1 || outputTokens < 1 || groups < 1) {
        throw new IllegalArgumentException(
            "%d requests of %d and %d tokens in %d groups; expected at least 1 of each"
                .formatted(requests, inputTokens, outputTokens, groups));
      }
      if (prefixTokens < 0 || prefixTokens > inputTokens || !(perSecond > 0)) {
        throw new IllegalArgumentException(
            "%d of %d tokens are common, at %s requests a second; expected a part of the prompt, and a rate above 0"
                .formatted(prefixTokens, inputTokens, perSecond));
      }
    }
  }

  private Workloads() {}

  /** Poisson arrivals of prompts that begin with the prefix of a random group. */
  public static List<Work> poisson(Synthetic wanted) {
    SplittableRandom random = new SplittableRandom(wanted.seed());
    List<Work> schedule = new ArrayList<>(wanted.requests());
    double seconds = 0;
    for (int i = 0; i < wanted.requests(); i++) {
      int group = random.nextInt(wanted.groups());
      Prompt prompt = prompt(wanted, group, i);
      schedule.add(new Work((long) (seconds * 1e9), prompt, wanted.outputTokens(), k -> k));
      seconds += -Math.log(1 - random.nextDouble()) / wanted.perSecond();
    }
    return schedule;
  }

  /** A prompt of which no other one has a token. */
  public static Prompt distinct(long name, int tokens) {
    return pieces(name, tokens, 0, name);
  }

  private static Prompt prompt(Synthetic wanted, int group, int request) {
    long own = wanted.seed() * 1_000_003 + request + 1_000_000_000L;
    int common = wanted.prefixTokens() / PIECE;
    return pieces(own, wanted.inputTokens(), common, -1L - group);
  }

  private static Prompt pieces(long own, int tokens, int common, long group) {
    long[] ids = new long[Math.ceilDiv(tokens, PIECE)];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (i < common ? group : own) * 100_003 + i;
    }
    return Prompt.ofPieces(ids, PIECE, tokens);
  }
}
