/**
 * What repeats of a run say together: intervals, paired tests, and warnings where there are too
 * few. Pure: no clock, no I/O, and randomness from a seed. Start at {@link
 * dev.kvasir.sink.statistics.Interval}.
 */
@NullMarked
package dev.kvasir.sink.statistics;

import org.jspecify.annotations.NullMarked;
