package dev.kvasir.app.chaos;

import dev.kvasir.app.chaos.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The faults of one execution, in rounds: those of a round overlap. Drawn from a seed alone. */
final class FaultPlan {

  private static final int OVERLAPPING = 6;
  private static final int PER_CENT = 100;
  private static final List<Part> PARTS = List.of(Part.values());

  private final SplittableRandom random;

  private FaultPlan(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * Draws rounds until there are so many kills.
   *
   * @param kills how many processes are to be killed by SIGKILL, at least one
   */
  static List<List<Fault>> draw(long seed, int kills) {
    FaultPlan plan = new FaultPlan(seed);
    List<List<Fault>> rounds = new ArrayList<>();
    for (int left = kills; left > 0; ) {
      List<Fault> round = plan.round(left);
      rounds.add(round);
      left -= (int) round.stream().filter(fault -> fault.kind() == Kind.KILL).count();
    }
    return List.copyOf(rounds);
  }

  private List<Fault> round(int killsLeft) {
    List<Fault> round = new ArrayList<>();
    int left = killsLeft;
    for (int i = random.nextInt(OVERLAPPING); i >= 0; i--) {
      Fault fault = fault();
      if (fault.kind() != Kind.KILL || left > 0) {
        round.add(fault);
        left -= fault.kind() == Kind.KILL ? 1 : 0;
      }
    }
    return List.copyOf(round);
  }

  private Fault fault() {
    Part part = PARTS.get(random.nextInt(PARTS.size()));
    return new Fault(part, kind(part), millis(0, 2_000), millis(200, 4_000));
  }

  /** The simulator is not killed: it is what the others are compared with. */
  private Kind kind(Part part) {
    int drawn = random.nextInt(PER_CENT);
    if (part == Part.SIMULATOR) {
      return drawn < 40
          ? Kind.RESTART
          : drawn < 60 ? Kind.SUSPEND : drawn < 80 ? Kind.CUT : Kind.DELAY;
    }
    if (drawn < 60) {
      return Kind.KILL;
    }
    if (drawn < 68) {
      return Kind.RESTART;
    }
    if (drawn < 80) {
      return Kind.SUSPEND;
    }
    if (drawn < 87) {
      return Kind.CUT;
    }
    if (drawn < 92) {
      return Kind.PART;
    }
    return part == Part.SINK && drawn >= 96 ? Kind.FULL : Kind.DELAY;
  }

  private Duration millis(int from, int to) {
    return Duration.ofMillis(random.nextInt(from, to));
  }
}
