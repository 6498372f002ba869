/**
 * How numbers are spread: the distributions that lengths and pauses are drawn from. Pure: a share
 * in, a number out. Start at {@link dev.kvasir.producer.spread.Spread}.
 */
@NullMarked
package dev.kvasir.producer.spread;

import org.jspecify.annotations.NullMarked;
