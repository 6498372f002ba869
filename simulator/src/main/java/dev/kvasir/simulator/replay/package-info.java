/**
 * A deployment played in virtual time: far faster than real time, and the same to the byte for the
 * same input. It reads traces and result files, and starts nothing. Start reading at {@link
 * dev.kvasir.simulator.replay.VirtualRun}.
 */
@NullMarked
package dev.kvasir.simulator.replay;

import org.jspecify.annotations.NullMarked;
