package dev.kvasir.app.pipeline;

import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.Registry;
import java.net.URI;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Where a log is.
 *
 * @param bootstrapServers Kafka's addresses, {@code host:port} separated by commas
 * @param registry the schema registry's address, or {@code embedded}
 */
public record LogAddress(String bootstrapServers, String registry) {

  /** The registry that every process carries inside. */
  public static final String EMBEDDED = "embedded";

  public LogAddress {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException(
          "Kafka's address is empty; expected host:port, several separated by commas");
    }
    if (!registry.equals(EMBEDDED) && !registry.matches("https?://.+")) {
      throw new IllegalArgumentException(
          "the schema registry is %s; expected http://host:port/path, or %s"
              .formatted(registry, EMBEDDED));
    }
  }

  /** Where the log's schemas are looked up. */
  public Registry schemas() {
    return registry.equals(EMBEDDED) ? Registry.embedded() : Registry.at(URI.create(registry));
  }

  /** Settings of a client that names itself. */
  Map<String, Object> client(String name) {
    return ClientAccess.ofProcess()
        .kafka(bootstrapServers, Map.of(CommonClientConfigs.CLIENT_ID_CONFIG, name));
  }
}
