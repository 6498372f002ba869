package dev.kvasir.simulator.engine;

import dev.kvasir.simulator.engine.TierSettings.Storing;
import java.util.ArrayList;
import java.util.List;

/** The tiers below GPU memory, from the highest on: finds, loads and stores the KV of prompts. */
final class TierStack {
  /** What loading a request's KV has to wait for, in nanoseconds on the caller's clock. */
  static final class Loading {
    double blockedUntil;
    double layersUntil;
    double asideUntil;
    int tokens;
  }

  private final List<Tier> tiers = new ArrayList<>();
  private final int blockTokens;
  private final boolean promptOnly;
  private final int[] chunks;
  private final int[] tokens;
  private final List<String> sources = new ArrayList<>();

  TierStack(Profile profile) {
    this.blockTokens = profile.kv().blockTokens();
    this.promptOnly = profile.tiers().promptOnly();
    sources.add("hbm");
    for (TierSettings settings : profile.tiers().below()) {
      tiers.add(new Tier(settings, profile.tiers().bytesPerToken()));
      sources.add(settings.name());
    }
    sources.add("prefill");
    chunks = new int[tiers.size()];
    tokens = new int[tiers.size()];
    for (int i = 0; i + 1 < tiers.size(); i++) {
      Tier lower = tiers.get(i + 1);
      if (lower.settings().storing() == Storing.BACK) {
        tiers.get(i).onEviction(lower::write);
      }
    }
  }

  boolean isEmpty() {
    return tiers.isEmpty();
  }

  /** Whether what GPU memory forgets is written to the first tier. */
  boolean keepsWhatIsEvicted() {
    return !tiers.isEmpty() && tiers.getFirst().settings().storing() == Storing.BACK;
  }

  void evictedFromGpu(long prefix, long nowNanos) {
    tiers.getFirst().write(prefix, nowNanos);
  }

  /** {@code hbm}, the tiers' names, and {@code prefill}. */
  List<String> sources() {
    return sources;
  }

  /** How many tokens, from the first on, could be had if the first {@code from} are at hand. */
  int find(Sequence sequence, int from, long nowNanos) {
    int covered = from;
    for (int tier = holder(sequence, covered, nowNanos);
        tier >= 0;
        tier = holder(sequence, covered, nowNanos)) {
      covered = endOfChunk(sequence, covered, tier);
    }
    return covered;
  }

  /** Reads what {@link #find} found, and notes in the sequence where it came from. */
  Loading load(Sequence sequence, int from, long nowNanos) {
    Loading loading = new Loading();
    int covered = from;
    for (int i = 0; i < tiers.size(); i++) {
      chunks[i] = 0;
      tokens[i] = 0;
    }
    for (int tier = holder(sequence, covered, nowNanos);
        tier >= 0;
        tier = holder(sequence, covered, nowNanos)) {
      int end = endOfChunk(sequence, covered, tier);
      use(tier, sequence.prefixAt(end, blockTokens), nowNanos);
      chunks[tier]++;
      tokens[tier] += end - covered;
      covered = end;
    }
    for (int i = 0; i < tiers.size(); i++) {
      if (chunks[i] > 0) {
        wait(loading, tiers.get(i), tiers.get(i).read(nowNanos, chunks[i], tokens[i]));
        sequence.reuse[i + 1] = tokens[i];
        loading.tokens += tokens[i];
      }
    }
    return loading;
  }

  /** Says that tokens which were read from a tier are computed all the same. */
  void computedAnyway(int tier, int tokens) {
    tiers.get(tier).computedAnyway(tokens);
  }

  /** Writes the chunks of a prompt that have been computed and were not looked at before. */
  void store(Sequence sequence, long nowNanos) {
    int limit = promptOnly ? sequence.promptTokens : sequence.tokens();
    int computed = Math.min(sequence.computed, limit);
    for (int i = 0; i < tiers.size(); i++) {
      TierSettings settings = tiers.get(i).settings();
      if (settings.storing() != Storing.THROUGH) {
        continue;
      }
      int end = sequence.stored[i] + settings.chunkTokens();
      for (; end <= computed; end += settings.chunkTokens()) {
        tiers.get(i).write(sequence.prefixAt(end, blockTokens), nowNanos);
        sequence.stored[i] = end;
      }
      boolean whole = computed >= sequence.promptTokens;
      if (whole && settings.partialChunks() && sequence.stored[i] < sequence.promptTokens) {
        tiers.get(i).write(sequence.prefixAt(sequence.promptTokens, blockTokens), nowNanos);
        sequence.stored[i] = Math.max(sequence.stored[i], sequence.promptTokens);
      }
    }
  }

  /** How long computing has to wait for room to write to. */
  double backlogNanos(long nowNanos) {
    double most = 0;
    for (Tier tier : tiers) {
      most = Math.max(most, tier.backlogNanos(nowNanos));
    }
    return most;
  }

  List<TierState> states() {
    return tiers.stream().map(Tier::state).toList();
  }

  void clear() {
    tiers.forEach(Tier::clear);
  }

  private void use(int tier, long prefix, long nowNanos) {
    tiers.get(tier).touch(prefix);
    int size = tiers.get(tier).settings().chunkTokens();
    for (int above = 0; above < tier; above++) {
      TierSettings settings = tiers.get(above).settings();
      if (settings.storing() != Storing.NEVER && settings.chunkTokens() == size) {
        tiers.get(above).keep(prefix, nowNanos);
      }
    }
  }

  private static void wait(Loading loading, Tier tier, double until) {
    switch (tier.settings().loading()) {
      case BLOCK -> loading.blockedUntil = Math.max(loading.blockedUntil, until);
      case LAYERWISE -> loading.layersUntil = Math.max(loading.layersUntil, until);
      case ASYNC -> loading.asideUntil = Math.max(loading.asideUntil, until);
    }
  }

  /** The highest tier that has the chunk in which token {@code at} lies, or −1. */
  private int holder(Sequence sequence, int at, long nowNanos) {
    if (at >= sequence.promptTokens) {
      return -1;
    }
    for (int i = 0; i < tiers.size(); i++) {
      int end = endOfChunk(sequence, at, i);
      if (end > at && tiers.get(i).holds(sequence.prefixAt(end, blockTokens), nowNanos)) {
        return i;
      }
    }
    return -1;
  }

  /** Where that chunk ends; {@code at} if the tier has no such chunk. */
  private int endOfChunk(Sequence sequence, int at, int tier) {
    TierSettings settings = tiers.get(tier).settings();
    int end = (at / settings.chunkTokens() + 1) * settings.chunkTokens();
    if (end <= sequence.promptTokens) {
      return end;
    }
    return settings.partialChunks() ? sequence.promptTokens : at;
  }
}
