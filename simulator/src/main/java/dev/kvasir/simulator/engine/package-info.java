/**
 * The serving engine: iteration-level continuous batching over a block-based KV pool with a prefix
 * cache, in the time that its caller passes in. Nothing here reads a clock, does I/O, starts a
 * thread or draws an unseeded number. Start reading at {@link dev.kvasir.simulator.engine.Engine}.
 */
@NullMarked
package dev.kvasir.simulator.engine;

import org.jspecify.annotations.NullMarked;
