package dev.kvasir.app.pipeline;

import dev.kvasir.app.http.Listening;
import dev.kvasir.app.http.TlsFiles;
import dev.kvasir.topic.TopicLayout;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How a home's stages are built.
 *
 * @param role the command that holds the home
 * @param outside the log to use instead of an embedded one; null for embedded
 * @param layout how missing topics are created
 * @param kafkaPort port of the embedded broker, 0 for a free one
 * @param page the live page; null for none
 * @param logBytes what an embedded log may take on the disk before what is archived leaves it; null
 *     for no limit
 */
public record PipelineSettings(
    String role,
    @Nullable LogAddress outside,
    TopicLayout layout,
    int kafkaPort,
    @Nullable Page page,
    @Nullable Long logBytes) {

  /** The same without a limit for the log. */
  public PipelineSettings(
      String role,
      @Nullable LogAddress outside,
      TopicLayout layout,
      int kafkaPort,
      @Nullable Page page) {
    this(role, outside, layout, kafkaPort, page, null);
  }

  /**
   * Where the live page listens.
   *
   * @param host address to bind
   * @param port port, 0 for a free one
   * @param mayMove whether another port will do when this one is taken
   * @param token what a browser must show; null for everyone who reaches a loopback address
   * @param tls what the server shows over TLS; null for plain HTTP
   */
  public record Page(
      String host, int port, boolean mayMove, @Nullable String token, @Nullable TlsFiles tls) {

    public Page {
      Listening.requirePort("the live page", port);
      token = Listening.token("the live page", "--page-token", host, token);
    }

    /** The page's address once its port is known. */
    public URI address(int listening) {
      return URI.create("%s://%s:%d/".formatted(TlsFiles.scheme(tls), host, listening));
    }

    @Override
    public String toString() {
      return "Page[host=%s, port=%d]".formatted(host, port);
    }
  }
}
