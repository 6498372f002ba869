package dev.kvasir.producer.workload;

import org.jspecify.annotations.Nullable;

/**
 * Which fields of a trace's records are used; null for those of the known traces.
 *
 * @param time when the request arrived
 * @param inputTokens tokens of its prompt
 * @param outputTokens tokens of its answer
 * @param blocks ids of its prompt's blocks
 */
public record TraceFields(
    @Nullable String time,
    @Nullable String inputTokens,
    @Nullable String outputTokens,
    @Nullable String blocks) {

  /** Those of the known traces. */
  public static final TraceFields USUAL = new TraceFields(null, null, null, null);
}
