/**
 * Whether a run's numbers may be used: rules over how its requests ended and how its client fared.
 * It reads no clock and no file. Start at {@link dev.kvasir.producer.verdict.Judgement}.
 */
@NullMarked
package dev.kvasir.producer.verdict;

import org.jspecify.annotations.NullMarked;
