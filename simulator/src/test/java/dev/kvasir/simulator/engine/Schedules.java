package dev.kvasir.simulator.engine;

import dev.kvasir.simulator.engine.TierSettings.Loading;
import dev.kvasir.simulator.engine.TierSettings.Storing;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Profiles and schedules of requests for the laws. */
final class Schedules {
  private Schedules() {}

  /** 1 ms a step, 10 us a prefilled token, blocks of 16. */
  static Profile profile(int blocks, boolean prefixCache) {
    return profile(blocks, prefixCache, 32, 256);
  }

  static Profile profile(int blocks, boolean prefixCache, int maxSequences, int maxStepTokens) {
    return new Profile(
        "test",
        "for tests",
        new Profile.Model("test", 640),
        new Profile.Scheduler(maxSequences, maxStepTokens),
        new Profile.KvCache(16, blocks, prefixCache),
        new Profile.Cost(100_000, 900_000, 10_000, 2, 50, 1_000),
        new Profile.Output(500, 50, 0.5));
  }

  /** The same with a tier that holds so many tokens at 1 kB each, which cost 1 us each to read. */
  static Profile withTier(Profile base, int tokens, Loading loading, Storing storing) {
    return withTiers(base, List.of(tier("cpu", tokens, 1, loading, storing)));
  }

  static TierSettings tier(
      String name, int tokens, double bandwidth, Loading loading, Storing storing) {
    return new TierSettings(
        name, tokens * 1e3, bandwidth, bandwidth, 100, 1, true, 16, false, loading, storing, 1e12);
  }

  static Profile withTiers(Profile base, List<TierSettings> tiers) {
    return new Profile(
        base.name(),
        base.description(),
        base.model(),
        base.scheduler(),
        base.kv(),
        base.cost(),
        base.output(),
        new Profile.Tiers(tiers, 1e3, true, 0),
        base.layout(),
        base.faults());
  }

  static Profile withLayout(Profile base, Profile.Layout layout) {
    return new Profile(
        base.name(),
        base.description(),
        base.model(),
        base.scheduler(),
        base.kv(),
        base.cost(),
        base.output(),
        base.tiers(),
        layout,
        base.faults());
  }

  static Work work(long arrivedNanos, int[] prompt, int outputTokens) {
    return new Work(arrivedNanos, prompt, outputTokens, k -> 7_000 + k);
  }

  /** {@code length} token ids that no other {@code name} has. */
  static int[] prompt(int name, int length) {
    return IntStream.range(0, length).map(i -> name * 1_000 + i).toArray();
  }

  /** Poisson arrivals whose prompts begin with one of {@code prefixes} shared prefixes. */
  static List<Work> shared(long seed, int count, double perSecond, int prefixes) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Work> schedule = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < count; i++) {
      at += -Math.log(1 - random.nextDouble()) / perSecond * 1e9;
      int common = 64 + 16 * random.nextInt(8);
      int[] prefix = prompt(random.nextInt(prefixes), common);
      int[] own = prompt(10_000 + i, 1 + random.nextInt(200));
      int[] whole = new int[prefix.length + own.length];
      System.arraycopy(prefix, 0, whole, 0, prefix.length);
      System.arraycopy(own, 0, whole, prefix.length, own.length);
      schedule.add(work((long) at, whole, 1 + random.nextInt(120)));
    }
    return schedule;
  }

  /** Poisson arrivals that share nothing. */
  static List<Work> distinct(long seed, int count, double perSecond) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Work> schedule = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < count; i++) {
      at += -Math.log(1 - random.nextDouble()) / perSecond * 1e9;
      schedule.add(work((long) at, prompt(i, 1 + random.nextInt(400)), 1 + random.nextInt(120)));
    }
    return schedule;
  }
}
