package dev.kvasir.app.page;

import dev.kvasir.app.http.Loopback;
import dev.kvasir.app.http.TlsFiles;
import dev.kvasir.topic.Registry;
import org.jspecify.annotations.Nullable;

/**
 * Where the live page reads and where it listens.
 *
 * @param bootstrapServers the Kafka cluster that carries the log
 * @param registry where the log's schemas are looked up
 * @param host address to listen on
 * @param port port to listen on, 0 for a free one
 * @param token what a browser must present; null for everyone who reaches a loopback address
 * @param tls what the server shows over TLS; null for plain HTTP
 */
public record PageSettings(
    String bootstrapServers,
    Registry registry,
    String host,
    int port,
    @Nullable String token,
    @Nullable TlsFiles tls) {

  private static final int LARGEST_PORT = 65_535;
  private static final int SHORTEST_TOKEN = 16;

  public PageSettings {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException(
          "the live page has no Kafka to read from; give it host:port");
    }
    if (port < 0 || port > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "the live page's port is " + port + "; it must be from 0 to " + LARGEST_PORT);
    }
    if (token == null && !Loopback.isName(host)) {
      throw new IllegalArgumentException(
          "the live page would listen on "
              + host
              + ", which other machines reach; give it a token, or listen on 127.0.0.1");
    }
    if (token != null && token.length() < SHORTEST_TOKEN) {
      throw new IllegalArgumentException(
          "the live page's token has "
              + token.length()
              + " characters; it must have at least "
              + SHORTEST_TOKEN);
    }
  }

  /** Settings of a page that is served over plain HTTP. */
  PageSettings(
      String bootstrapServers, Registry registry, String host, int port, @Nullable String token) {
    this(bootstrapServers, registry, host, port, token, null);
  }

  @Override
  public String toString() {
    return "PageSettings[bootstrapServers=%s, registry=%s, host=%s, port=%d, token=%s]"
        .formatted(bootstrapServers, registry, host, port, token == null ? "none" : "***");
  }
}
