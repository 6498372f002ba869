package dev.kvasir.producer;

import dev.kvasir.topic.Registry;
import java.nio.file.Path;

/**
 * What a generator works with.
 *
 * @param bootstrapServers Kafka's addresses
 * @param registry where schemas are looked up
 * @param spillFolder folder for events that find no room in memory while Kafka is away
 * @param memoryBytes serialized bytes that may wait in memory for Kafka
 * @param version version of Kvasir
 * @param commit commit of Kvasir, with {@code -dirty} behind it when it was built from changed
 *     files
 */
public record GeneratorSettings(
    String bootstrapServers,
    Registry registry,
    Path spillFolder,
    long memoryBytes,
    String version,
    String commit) {

  private static final long MEMORY_BYTES = 64L << 20;

  /** Settings with 64 MiB for events that wait. */
  public static GeneratorSettings of(
      String bootstrapServers, Registry registry, Path spillFolder, String version, String commit) {
    return new GeneratorSettings(
        bootstrapServers, registry, spillFolder, MEMORY_BYTES, version, commit);
  }
}
