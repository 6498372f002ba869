/**
 * The sink: the log's events in a DuckDB file, and the ways to ask it. It meets the other modules
 * only in topics. Start at {@link dev.kvasir.sink.SinkStage}.
 */
@NullMarked
package dev.kvasir.sink;

import org.jspecify.annotations.NullMarked;
