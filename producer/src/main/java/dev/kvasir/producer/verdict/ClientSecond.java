package dev.kvasir.producer.verdict;

import org.jspecify.annotations.Nullable;

/**
 * How the client fared in one second of a run.
 *
 * @param second which one, from 0 at the start of the measured phase
 * @param dispatchLagP99Nanos 99th percentile of how late requests were sent
 * @param loopLagP99Nanos 99th percentile of how late an event loop's timer fired
 * @param gcPauseNanos how long the garbage collector stopped the client
 * @param wallStepNanos step of the wall clock against the monotonic clock
 * @param loopBusy largest share of the second that an event loop spent on a processor, 0 to 1
 * @param queuedEvents events that waited for the publisher at its end
 * @param socketBacklogBytes bytes that waited unread in the sockets to the server at its end; null
 *     where the system does not tell
 */
public record ClientSecond(
    int second,
    long dispatchLagP99Nanos,
    long loopLagP99Nanos,
    long gcPauseNanos,
    long wallStepNanos,
    double loopBusy,
    int queuedEvents,
    @Nullable Long socketBacklogBytes) {}
