package dev.kvasir.simulator.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A snapshot of an engine, or of several together. Time is in nanoseconds.
 *
 * @param running requests that hold KV and are computed
 * @param waiting requests in the queue or waiting for their KV to be loaded
 * @param heldBlocks blocks held by requests; free blocks with findable content are not held
 * @param blocks blocks in the pool
 * @param prefixQueries prompt tokens that were looked up in GPU memory, ever
 * @param prefixHits those that were found, ever
 * @param tierQueries prompt tokens that were looked up in the tiers below, ever
 * @param preemptions how often a running request was sent back to the queue, ever
 * @param promptTokens prompt tokens of requests that produced their first token, ever
 * @param computedPromptTokens those that were computed and not found, ever
 * @param transferredPromptTokens those that another engine computed, ever
 * @param generatedTokens tokens produced, ever
 * @param steps steps completed, ever
 * @param attentionNanos time that steps spent on attention, ever
 * @param otherNanos time that steps spent on everything else that they compute, ever
 * @param transferNanos time by which loading KV lengthened steps, ever
 * @param stallNanos time by which waiting for writes and swapping lengthened steps, ever
 * @param tiers the tiers below GPU memory
 */
public record EngineState(
    int running,
    int waiting,
    int heldBlocks,
    int blocks,
    long prefixQueries,
    long prefixHits,
    long tierQueries,
    long preemptions,
    long promptTokens,
    long computedPromptTokens,
    long transferredPromptTokens,
    long generatedTokens,
    long steps,
    double attentionNanos,
    double otherNanos,
    double transferNanos,
    double stallNanos,
    List<TierState> tiers) {

  public EngineState {
    tiers = List.copyOf(tiers);
  }

  /** Time spent in steps, ever. */
  public double busyNanos() {
    return attentionNanos + otherNanos + transferNanos + stallNanos;
  }

  /** Prompt tokens that were found in the tiers below GPU memory, ever. */
  public long tierHits() {
    return tiers.stream().mapToLong(TierState::hitTokens).sum();
  }

  /** Both together, tiers by their names. */
  EngineState plus(EngineState other) {
    Map<String, TierState> both = new LinkedHashMap<>();
    tiers.forEach(tier -> both.put(tier.name(), tier));
    other.tiers.forEach(tier -> both.merge(tier.name(), tier, TierState::plus));
    return new EngineState(
        running + other.running,
        waiting + other.waiting,
        heldBlocks + other.heldBlocks,
        blocks + other.blocks,
        prefixQueries + other.prefixQueries,
        prefixHits + other.prefixHits,
        tierQueries + other.tierQueries,
        preemptions + other.preemptions,
        promptTokens + other.promptTokens,
        computedPromptTokens + other.computedPromptTokens,
        transferredPromptTokens + other.transferredPromptTokens,
        generatedTokens + other.generatedTokens,
        steps + other.steps,
        attentionNanos + other.attentionNanos,
        otherNanos + other.otherNanos,
        transferNanos + other.transferNanos,
        stallNanos + other.stallNanos,
        List.copyOf(both.values()));
  }
}
