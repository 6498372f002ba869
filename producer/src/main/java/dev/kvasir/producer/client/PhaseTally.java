package dev.kvasir.producer.client;

/**
 * What became of a phase.
 *
 * @param sent requests that left
 * @param ended requests that ended, one way or another
 * @param dispatchLagP99Nanos 99th percentile of how late requests were handed to the client, after
 *     they were due and the cap let them go
 */
public record PhaseTally(int sent, int ended, long dispatchLagP99Nanos) {}
