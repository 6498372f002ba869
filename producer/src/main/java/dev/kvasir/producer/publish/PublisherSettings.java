package dev.kvasir.producer.publish;

import dev.kvasir.topic.Registry;
import java.nio.file.Path;

/**
 * Where events go and how many may wait.
 *
 * @param bootstrapServers Kafka's addresses
 * @param registry where schemas are looked up
 * @param spillFolder folder of the file that takes events when memory is full
 * @param memoryBytes serialized bytes that may wait in memory for Kafka's acknowledgement
 * @param queuedEvents events that may wait for the publisher's thread
 */
public record PublisherSettings(
    String bootstrapServers,
    Registry registry,
    Path spillFolder,
    long memoryBytes,
    int queuedEvents) {

  private static final long MEMORY_BYTES = 64L << 20;
  private static final int QUEUED_EVENTS = 1 << 18;

  public PublisherSettings {
    if (memoryBytes < 1 || queuedEvents < 2) {
      throw new IllegalArgumentException(
          "events may use %d bytes and a queue of %d; both must be positive"
              .formatted(memoryBytes, queuedEvents));
    }
  }

  /** 64 MiB, and 262,144 events in the queue. */
  public static PublisherSettings of(String bootstrapServers, Registry registry, Path spillFolder) {
    return new PublisherSettings(
        bootstrapServers, registry, spillFolder, MEMORY_BYTES, QUEUED_EVENTS);
  }

  /** The same with other memory. */
  public PublisherSettings withMemoryBytes(long bytes) {
    return new PublisherSettings(bootstrapServers, registry, spillFolder, bytes, queuedEvents);
  }
}
