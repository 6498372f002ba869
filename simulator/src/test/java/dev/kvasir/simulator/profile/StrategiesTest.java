package dev.kvasir.simulator.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.simulator.engine.VirtualServer;
import dev.kvasir.simulator.engine.VirtualServer.Fate;
import dev.kvasir.simulator.engine.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The profiles that come with Kvasir, on one schedule whose prompts share long prefixes. */
class StrategiesTest {
  private static final int REQUESTS = 120;
  private static final int PREFIXES = 12;
  private static final int PREFIX_TOKENS = 2_000;
  private static final int OUTPUT_TOKENS = 64;

  static LongStream seeds() {
    return LongStream.range(1, 1 + Integer.getInteger("seeds", 4));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theFirstTokenComesTheSoonerTheMoreOfThePrefixIsAtHand(long seed) {
    double recompute = meanTtftMillis("recompute", seed);
    double small = meanTtftMillis("small-hbm", seed);
    double whole = meanTtftMillis("hbm-prefix", seed);

    assertThat(small).isLessThan(recompute);
    assertThat(whole).isLessThan(small).isBetween(10.0, 80.0);
    assertThat(recompute).isGreaterThan(1.5 * whole);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void fewerBytesForEachTokenMakeLaterTokensComeSooner(long seed) {
    double whole = medianItlMillis("hbm-prefix", seed);
    double fp8 = medianItlMillis("kv-fp8", seed);

    assertThat(whole).isBetween(13.5, 25.0);
    assertThat(fp8).isLessThan(whole);
  }

  private static double meanTtftMillis(String profile, long seed) {
    return play(profile, seed).stream().mapToLong(Fate::ttft).average().orElseThrow() / 1e6;
  }

  private static double medianItlMillis(String profile, long seed) {
    List<Long> gaps = new ArrayList<>();
    for (Fate fate : play(profile, seed)) {
      for (int i = 1; i < fate.tokenNanos.size(); i++) {
        gaps.add(fate.tokenNanos.get(i) - fate.tokenNanos.get(i - 1));
      }
    }
    gaps.sort(null);
    return gaps.get(gaps.size() / 2) / 1e6;
  }

  private static List<Fate> play(String profile, long seed) {
    return VirtualServer.play(Profiles.load(profile), schedule(seed));
  }

  private static List<Work> schedule(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Work> schedule = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < REQUESTS; i++) {
      at += -Math.log(1 - random.nextDouble()) / 4 * 1e9;
      int[] prompt = new int[PREFIX_TOKENS + 50 + random.nextInt(150)];
      int prefix = random.nextInt(PREFIXES);
      for (int k = 0; k < prompt.length; k++) {
        prompt[k] = k < PREFIX_TOKENS ? prefix * 100_000 + k : 10_000_000 + i * 1_000 + k;
      }
      schedule.add(new Work((long) at, prompt, OUTPUT_TOKENS, k -> k));
    }
    return schedule;
  }
}
