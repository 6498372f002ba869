package dev.kvasir.producer.verdict;

/**
 * How the client fared in one run.
 *
 * @param dispatchLagP99Nanos 99th percentile of how late requests were sent
 * @param loopLagP99Nanos 99th percentile of how late the event loop's timer fired
 * @param gcPauseNanos longest time within one second that the garbage collector stopped the client
 * @param wallStepNanos largest step of the wall clock against the monotonic clock between samples
 */
public record ClientHealth(
    long dispatchLagP99Nanos, long loopLagP99Nanos, long gcPauseNanos, long wallStepNanos) {}
