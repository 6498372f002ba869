/**
 * When requests are due: load points, arrival processes and the schedule of a run. Pure: no clock,
 * no I/O, no thread; randomness comes from a seed. Start at {@link
 * dev.kvasir.producer.arrival.Schedule}.
 */
@NullMarked
package dev.kvasir.producer.arrival;

import org.jspecify.annotations.NullMarked;
