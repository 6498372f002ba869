package dev.kvasir.producer.sampling;

import dev.kvasir.producer.client.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests beside the load: metrics, versions, resets. They have threads and connections of their
 * own, a time limit each, and at most 8 MiB of an answer is taken. Thread-safe.
 */
public final class SideRequests implements AutoCloseable {

  private static final long MAX_BYTES = 8L << 20;
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(1);

  private final HttpClient http;
  private final Endpoint server;
  private final Map<String, String> headers;

  /**
   * An answer.
   *
   * @param status HTTP status
   * @param body body
   */
  public record Reply(int status, String body) {

    public boolean isOk() {
      return status / 100 == 2;
    }
  }

  private SideRequests(Endpoint server, Map<String, String> headers, HttpClient http) {
    this.server = server;
    this.headers = Map.copyOf(headers);
    this.http = http;
  }

  /**
   * Requests to a server and to what stands beside it.
   *
   * @param headers headers for the server; nobody else is sent them
   * @throws IllegalArgumentException if the server's certificates cannot be read
   */
  public static SideRequests to(Endpoint server, Map<String, String> headers) {
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (server.tls()) {
      http.sslContext(server.trust().context());
    }
    return new SideRequests(server, headers, http.build());
  }

  /** The address of a path on the server. */
  public URI on(String path) {
    return server.origin().resolve(path);
  }

  /**
   * Sends a request without a body.
   *
   * @throws IOException if no answer comes within the limit, or one of more than 8 MiB
   */
  public Reply send(String method, URI target, Duration within)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target).method(method, HttpRequest.BodyPublishers.noBody());
    if (isServer(target)) {
      headers.forEach(request::header);
    }
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            request.build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BYTES));
    return whole(answer, within);
  }

  /** The limit is that of the whole answer; the client's own ends with the headers. */
  private static Reply whole(CompletableFuture<HttpResponse<String>> answer, Duration within)
      throws IOException, InterruptedException {
    try {
      HttpResponse<String> whole = answer.get(within.toNanos(), TimeUnit.NANOSECONDS);
      return new Reply(whole.statusCode(), whole.body());
    } catch (TimeoutException e) {
      throw new IOException("no whole answer within " + within.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private boolean isServer(URI target) {
    return server.origin().getScheme().equalsIgnoreCase(target.getScheme())
        && server.host().equalsIgnoreCase(target.getHost())
        && server.port() == (target.getPort() >= 0 ? target.getPort() : server.tls() ? 443 : 80);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
