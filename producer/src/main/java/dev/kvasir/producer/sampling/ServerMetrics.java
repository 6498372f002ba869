package dev.kvasir.producer.sampling;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's Prometheus page. The metrics that are taken stand in {@code server-metrics.txt}. After
 * three failures in a row it is asked no more. Owned by the sampler's thread.
 */
final class ServerMetrics implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServerMetrics.class);
  private static final Set<String> NAMES = names();
  private static final Duration PATIENCE = Duration.ofMillis(900);
  private static final int MAX_FAILURES = 3;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final HttpRequest request;
  private int failures;

  ServerMetrics(URI origin) {
    this.request = HttpRequest.newBuilder(origin.resolve("/metrics")).timeout(PATIENCE).build();
  }

  /** The values now; empty when the server does not say. */
  List<PrometheusText.Series> read() throws InterruptedException {
    if (failures == MAX_FAILURES) {
      return List.of();
    }
    try {
      HttpResponse<String> page = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (page.statusCode() != 200) {
        return failed("HTTP " + page.statusCode());
      }
      failures = 0;
      return PrometheusText.read(page.body(), NAMES);
    } catch (IOException e) {
      return failed(e.toString());
    }
  }

  private List<PrometheusText.Series> failed(String reason) {
    failures++;
    if (failures == MAX_FAILURES) {
      LOG.info("{} gives no metrics ({}); it is asked no more in this run", request.uri(), reason);
    }
    return List.of();
  }

  private static Set<String> names() {
    try (InputStream list = ServerMetrics.class.getResourceAsStream("server-metrics.txt")) {
      if (list == null) {
        throw new IllegalStateException("server-metrics.txt is missing beside this class");
      }
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException("server-metrics.txt cannot be read", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
