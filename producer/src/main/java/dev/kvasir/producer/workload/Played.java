package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.List;

/**
 * Prompts as a load sends them: fewer than were drawn, or over and over again. A session that is
 * played again is another session.
 */
public final class Played {

  private Played() {}

  /** So many chains, see {@link Chains}, from the start on and again. */
  public static List<Prompt> chains(List<Prompt> prompts, int wanted) {
    Chains chains = Chains.of(prompts);
    if (wanted == chains.count()) {
      return prompts;
    }
    int[] chainOfEach = chains.chainOfEach();
    int plays = chains.count() == 0 ? 0 : Math.ceilDiv(wanted, chains.count());
    List<Prompt> played = new ArrayList<>();
    for (int play = 0; play < plays; play++) {
      int left = wanted - play * chains.count();
      for (int index = 0; index < chainOfEach.length; index++) {
        if (chainOfEach[index] < left) {
          played.add(prompt(prompts, play * chainOfEach.length + index));
        }
      }
    }
    return played;
  }

  /** So many requests, from the start on and again. */
  public static List<Prompt> requests(List<Prompt> prompts, int wanted) {
    List<Prompt> played = new ArrayList<>();
    for (int index = 0; index < wanted && !prompts.isEmpty(); index++) {
      played.add(prompt(prompts, index));
    }
    return played;
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
