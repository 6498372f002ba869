package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** In which order prompts that share something follow each other. */
public enum PromptOrder {
  /** As the seed draws it. */
  RANDOM,
  /** One of each, then the next of each: what is shared is used again as late as can be. */
  TILE,
  /** All of one, then all of the next: what is shared is used again at once. */
  INTERLEAVE;

  /** The name that plans use. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The sequence of groups, each as often as it has members.
   *
   * @param members the number of members of each group
   */
  List<Integer> sequence(int[] members, RandomGenerator random) {
    return switch (this) {
      case INTERLEAVE -> oneByOne(members);
      case TILE -> roundRobin(members);
      case RANDOM -> {
        List<Integer> shuffled = oneByOne(members);
        Collections.shuffle(shuffled, random);
        yield shuffled;
      }
    };
  }

  private static List<Integer> oneByOne(int[] members) {
    List<Integer> groups = new ArrayList<>();
    for (int group = 0; group < members.length; group++) {
      groups.addAll(Collections.nCopies(members[group], group));
    }
    return groups;
  }

  private static List<Integer> roundRobin(int[] members) {
    List<Integer> groups = new ArrayList<>();
    boolean more = true;
    for (int round = 0; more; round++) {
      more = false;
      for (int group = 0; group < members.length; group++) {
        if (round < members[group]) {
          groups.add(group);
          more = true;
        }
      }
    }
    return groups;
  }
}
