/**
 * One second of a run in one partition, as mergeable sketches and counters, and what a partition
 * knows of its runs. Pure: events, elapsed time and stored bytes come in, state and reports go out.
 * Start at {@link dev.kvasir.streams.pane.PartitionRuns}.
 */
@NullMarked
package dev.kvasir.streams.pane;

import org.jspecify.annotations.NullMarked;
