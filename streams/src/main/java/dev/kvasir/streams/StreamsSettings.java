package dev.kvasir.streams;

import dev.kvasir.topic.Registry;
import java.nio.file.Path;

/**
 * How the stage runs.
 *
 * @param bootstrapServers Kafka's addresses, {@code host:port} separated by commas
 * @param registry where schemas are looked up
 * @param stateFolder folder for the stage's own files; each instance needs its own
 * @param applicationId id that instances which share the work have in common
 * @param threads stream threads
 */
public record StreamsSettings(
    String bootstrapServers,
    Registry registry,
    Path stateFolder,
    String applicationId,
    int threads) {

  public static final String APPLICATION_ID = "kvasir-streams";

  public StreamsSettings {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException("bootstrap servers are empty; give host:port");
    }
    if (applicationId.isBlank()) {
      throw new IllegalArgumentException("the application id is empty; give " + APPLICATION_ID);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads are " + threads + "; there must be at least 1");
    }
  }

  /** One instance with one thread under the usual id. */
  public static StreamsSettings of(String bootstrapServers, Registry registry, Path stateFolder) {
    return new StreamsSettings(bootstrapServers, registry, stateFolder, APPLICATION_ID, 1);
  }
}
