/**
 * Which rates are tried to find the highest one that users can bear, and what the trials show.
 * Pure: no clock, no I/O, no randomness. Start at {@link dev.kvasir.producer.search.RateSearch}.
 */
@NullMarked
package dev.kvasir.producer.search;

import org.jspecify.annotations.NullMarked;
