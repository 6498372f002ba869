package dev.kvasir.producer.publish;

/**
 * What waits to be acknowledged.
 *
 * @param queued events that wait for the publisher's thread
 * @param memoryBytes serialized bytes in memory
 * @param spilledBytes bytes in the spill file
 */
public record Backlog(int queued, long memoryBytes, long spilledBytes) {}
