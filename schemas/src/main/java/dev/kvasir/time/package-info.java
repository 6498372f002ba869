/**
 * The only code that reads a machine's clocks. Durations come from a {@link
 * dev.kvasir.time.Ticker}; epoch times are made from it by one {@link dev.kvasir.time.EpochAnchor}
 * per process, so that differences of epoch times are durations too.
 */
@NullMarked
package dev.kvasir.time;

import org.jspecify.annotations.NullMarked;
