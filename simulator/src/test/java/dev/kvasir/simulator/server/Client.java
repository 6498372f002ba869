package dev.kvasir.simulator.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client of one simulated server, over real HTTP. */
final class Client implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  Client(int port) {
    base = "http://127.0.0.1:" + port;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return http.send(posting(path, body, headers), BodyHandlers.ofString());
  }

  HttpResponse<InputStream> open(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return http.send(posting(path, body, headers), BodyHandlers.ofInputStream());
  }

  /**
   * Appends to {@code got} as bytes come, so that what came before the connection broke is there.
   *
   * @throws IOException where the connection breaks before the body's end
   */
  void receive(String path, String body, ByteArrayOutputStream got, String... headers)
      throws IOException, InterruptedException {
    http.send(
        posting(path, body, headers),
        BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(got::writeBytes)));
  }

  private HttpRequest posting(String path, String body, String... headers) {
    HttpRequest.Builder builder = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
    return headers.length == 0 ? builder.build() : builder.headers(headers).build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  /** The data of each event, {@code [DONE]} among them. */
  static List<String> events(String body) {
    List<String> events = new ArrayList<>();
    for (String event : body.stripTrailing().split("\n\n", -1)) {
      if (!event.startsWith("data: ")) {
        throw new AssertionError("no event: " + event);
      }
      events.add(event.substring("data: ".length()));
    }
    return events;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
