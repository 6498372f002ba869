package dev.kvasir.topic;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How clients are let in at one Kafka cluster and its schema registry over TLS and SASL, in the
 * form of Kafka's own {@code client.properties}. The properties name the cluster and the registry
 * that they are for and change nothing for any other; they hold secrets and are never printed.
 */
public final class ClientAccess {

  /** The environment variable that names the file. */
  public static final String VARIABLE = "KVASIR_CLIENT_CONFIG";

  private static final String CLUSTER = "bootstrap.servers";
  private static final String REGISTRY = "schema.registry.url";
  private static final Pattern FOR_KAFKA =
      Pattern.compile("security\\.protocol|(sasl|ssl)\\..+|config\\.providers(\\..+)?");
  private static final Pattern FOR_REGISTRY =
      Pattern.compile("(schema\\.registry|basic\\.auth|bearer\\.auth)\\..+");

  /** Nobody asks who we are. */
  private static final ClientAccess OPEN = new ClientAccess(Map.of());

  private final Map<String, String> properties;

  private ClientAccess(Map<String, String> properties) {
    this.properties = properties;
  }

  /**
   * What the environment of this process says; its children inherit it.
   *
   * @throws IllegalArgumentException if the file cannot be read or has a key that is none of access
   */
  public static ClientAccess ofProcess() {
    String file = System.getenv(VARIABLE);
    return file == null || file.isBlank() ? OPEN : read(Path.of(file));
  }

  /** Reads a file. */
  static ClientAccess read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s names %s, which cannot be read (%s); give the path of a properties file"
              .formatted(VARIABLE, file, e.getMessage()),
          e);
    }
  }

  /** Reads properties; problems are named with where they stand, and no value is shown. */
  static ClientAccess parse(String where, String text) {
    Properties read = new Properties();
    try (Reader in = new StringReader(text)) {
      read.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> properties = new TreeMap<>();
    read.stringPropertyNames().forEach(key -> properties.put(key, read.getProperty(key).strip()));
    List<String> unknown = properties.keySet().stream().filter(key -> !isKnown(key)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: %s is none of access; expected %s, security.protocol, sasl.*, ssl.*, %s, schema.registry.*, basic.auth.* and bearer.auth.*"
              .formatted(where, String.join(", ", unknown), CLUSTER, REGISTRY));
    }
    if (!properties.containsKey(CLUSTER)) {
      throw new IllegalArgumentException(
          "%s: %s is missing; name the cluster that the rest is for, as --bootstrap-servers does"
              .formatted(where, CLUSTER));
    }
    return new ClientAccess(properties);
  }

  private static boolean isKnown(String key) {
    return key.equals(CLUSTER)
        || key.equals(REGISTRY)
        || FOR_KAFKA.matcher(key).matches()
        || FOR_REGISTRY.matcher(key).matches();
  }

  /** The cluster that this is for; null when nobody asks who we are. */
  public @Nullable String bootstrapServers() {
    return properties.get(CLUSTER);
  }

  /** Whether this is for a cluster. */
  public boolean isFor(String bootstrapServers) {
    String own = properties.get(CLUSTER);
    return own != null && hosts(own).equals(hosts(bootstrapServers));
  }

  private static Set<String> hosts(String bootstrapServers) {
    return Arrays.stream(bootstrapServers.split(","))
        .map(String::strip)
        .collect(Collectors.toSet());
  }

  /** A Kafka client's settings with the address of the cluster and what lets the client in. */
  public Map<String, Object> kafka(String bootstrapServers, Map<String, ?> settings) {
    Map<String, Object> all = new HashMap<>();
    if (isFor(bootstrapServers)) {
      properties.forEach((key, value) -> {
        if (FOR_KAFKA.matcher(key).matches()) {
          all.put(key, value);
        }
      });
    }
    all.putAll(settings);
    all.put(CLUSTER, bootstrapServers);
    return all;
  }

  /** What lets a client of the schema registry in; empty for any other registry. */
  Map<String, Object> registry(String address) {
    Map<String, Object> all = new HashMap<>();
    if (address.equals(properties.get(REGISTRY))) {
      properties.forEach((key, value) -> {
        if (FOR_REGISTRY.matcher(key).matches() && !key.equals(REGISTRY)) {
          all.put(key, value);
        }
      });
    }
    return all;
  }

  /** The cluster alone. */
  @Override
  public String toString() {
    return "ClientAccess[" + properties.get(CLUSTER) + "]";
  }
}
