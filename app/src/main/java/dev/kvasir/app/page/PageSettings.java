package dev.kvasir.app.page;

import dev.kvasir.app.http.Listening;
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

  private static final String NAME = "the live page";

  public PageSettings {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException(
          "the live page has no Kafka to read from; give it host:port");
    }
    Listening.requirePort(NAME, port);
    token = Listening.token(NAME, "--page-token", host, token);
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
