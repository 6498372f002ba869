package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prompts as a load sends them: fewer than were drawn, or over and over again. A session that is
 * played again is another session.
 *
 * @param prompts in the order of their ordinals
 * @param pauseNanos the pause before each, nanoseconds; null when the plan decides
 */
public record Played(List<Prompt> prompts, @Nullable List<Long> pauseNanos) {

  public Played {
    prompts = List.copyOf(prompts);
    pauseNanos = pauseNanos == null ? null : List.copyOf(pauseNanos);
  }

  /** So many chains, see {@link Chains}, from the start on and again. */
  public static Played chains(PromptSet set, int wanted) {
    Chains chains = Chains.of(set.measured());
    if (wanted == chains.count()) {
      return new Played(set.measured(), set.pauseNanos());
    }
    int[] chainOfEach = chains.chainOfEach();
    int plays = chains.count() == 0 ? 0 : Math.ceilDiv(wanted, chains.count());
    List<Integer> indices = new ArrayList<>();
    for (int play = 0; play < plays; play++) {
      int left = wanted - play * chains.count();
      for (int index = 0; index < chainOfEach.length; index++) {
        if (chainOfEach[index] < left) {
          indices.add(play * chainOfEach.length + index);
        }
      }
    }
    return of(set, indices);
  }

  /** So many requests, from the start on and again. */
  public static Played requests(PromptSet set, int wanted) {
    List<Integer> indices = new ArrayList<>();
    for (int index = 0; index < wanted && !set.measured().isEmpty(); index++) {
      indices.add(index);
    }
    return of(set, indices);
  }

  private static Played of(PromptSet set, List<Integer> indices) {
    int size = set.measured().size();
    List<Long> pauses = set.pauseNanos();
    return new Played(
        indices.stream().map(index -> prompt(set.measured(), index)).toList(),
        pauses == null ? null : indices.stream().map(index -> pauses.get(index % size)).toList());
  }

  /** The prompt at an index that goes on beyond the list's end. */
  public static Prompt prompt(List<Prompt> prompts, int index) {
    Prompt prompt = prompts.get(index % prompts.size());
    Integer session = prompt.session();
    return index < prompts.size() || session == null
        ? prompt
        : prompt.inSession(session + index / prompts.size() * prompts.size());
  }
}
