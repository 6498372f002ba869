/**
 * The stream stage: requests and tokens become rolling windows and alerts, exactly once. It meets
 * the other modules only in topics. Start at the topology, {@code KvasirTopology}; run it with
 * {@link dev.kvasir.streams.StreamsStage}.
 */
@NullMarked
package dev.kvasir.streams;

import org.jspecify.annotations.NullMarked;
