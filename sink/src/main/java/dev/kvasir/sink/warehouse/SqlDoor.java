package dev.kvasir.sink.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SQL over HTTP on the loopback address, for whoever shows the token: {@code POST /sql}, {@code
 * POST /export}, {@code POST /snapshot} and {@code GET /health}.
 */
public final class SqlDoor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SqlDoor.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_REQUEST = 1 << 20;
  private static final String SCHEME = "Bearer ";

  private final HttpServer server;
  private final ExecutorService threads;
  private final byte[] token;
  private final WarehouseReader reader;
  private final Loading loading;

  /** An answer: a status and what becomes its JSON. */
  private record Answer(int status, Object body) {

    static Answer refused(int status, String reason) {
      return new Answer(status, Map.of("error", reason));
    }
  }

  /** What answers a path. */
  @FunctionalInterface
  private interface Handler {
    Answer answer(JsonNode body) throws InterruptedException;
  }

  private SqlDoor(
      HttpServer server,
      ExecutorService threads,
      byte[] token,
      WarehouseReader reader,
      Loading loading) {
    this.server = server;
    this.threads = threads;
    this.token = token;
    this.reader = reader;
    this.loading = loading;
  }

  /**
   * Opens the door.
   *
   * @param port port, or 0 for a free one
   * @throws IOException if the port is taken
   */
  public static SqlDoor open(int port, String token, WarehouseReader reader, Loading loading)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server = bind(address);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    SqlDoor door =
        new SqlDoor(server, threads, token.getBytes(StandardCharsets.UTF_8), reader, loading);
    door.serve("/sql", "POST", door::sql);
    door.serve("/export", "POST", door::export);
    door.serve("/snapshot", "POST", door::snapshot);
    door.serve("/health", "GET", _ -> door.health());
    server.start();
    return door;
  }

  private static HttpServer bind(InetSocketAddress address) throws IOException {
    try {
      return HttpServer.create(address, 0);
    } catch (java.net.BindException e) {
      throw new IOException(
          "the SQL door's port %d is in use; stop what holds it or choose another"
              .formatted(address.getPort()),
          e);
    }
  }

  /** The address of the door. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void serve(String path, String method, Handler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            respond(exchange, answer(exchange, path, method, handler));
          } catch (IOException | RuntimeException e) {
            LOG.warn("an answer could not be given path={} reason=\"{}\"", path, e.toString());
            throw e;
          }
        });
  }

  private Answer answer(HttpExchange exchange, String path, String method, Handler handler)
      throws IOException {
    if (!isAllowed(exchange)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      return Answer.refused(401, "show the token: Authorization: Bearer …");
    }
    if (!exchange.getRequestURI().getPath().equals(path)) {
      return Answer.refused(404, "there are /sql, /export, /snapshot and /health");
    }
    if (!exchange.getRequestMethod().equals(method)) {
      return Answer.refused(405, path + " expects " + method);
    }
    byte[] body = exchange.getRequestBody().readNBytes(LONGEST_REQUEST + 1);
    if (body.length > LONGEST_REQUEST) {
      return Answer.refused(413, "a request holds up to " + LONGEST_REQUEST + " bytes");
    }
    return answer(body, handler);
  }

  private static Answer answer(byte[] body, Handler handler) throws IOException {
    try {
      return handler.answer(JSON.readTree(body));
    } catch (JsonProcessingException e) {
      return Answer.refused(400, "the body is not JSON: " + e.getOriginalMessage());
    } catch (QueryRefusedException e) {
      return Answer.refused(400, String.valueOf(e.getMessage()));
    } catch (WarehouseException e) {
      return Answer.refused(503, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.refused(503, "the door is closing");
    }
  }

  private boolean isAllowed(HttpExchange exchange) {
    String shown = exchange.getRequestHeaders().getFirst("Authorization");
    return shown != null
        && shown.startsWith(SCHEME)
        && MessageDigest.isEqual(
            shown.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8), token);
  }

  private Answer sql(JsonNode body) {
    QueryResult result = reader.query(text(body, "sql"), parameters(body.path("parameters")));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("columns", result.columns());
    answer.put("rows", result.rows());
    answer.put("truncated", result.truncated());
    if (result.truncated()) {
      answer.put("note", "there are more rows than the limit of " + result.rows().size());
    }
    return new Answer(200, answer);
  }

  private static List<@Nullable Object> parameters(JsonNode given) {
    List<@Nullable Object> parameters = new ArrayList<>();
    for (JsonNode value : given) {
      parameters.add(JSON.convertValue(value, Object.class));
    }
    return parameters;
  }

  private Answer export(JsonNode body) {
    List<Path> files = reader.exportParquet(text(body, "name"));
    return new Answer(200, Map.of("files", files.stream().map(Path::toString).toList()));
  }

  private Answer snapshot(JsonNode body) {
    return new Answer(200, Map.of("file", reader.snapshot(text(body, "name")).toString()));
  }

  private Answer health() throws InterruptedException {
    Throwable failure = loading.failure();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("loading", failure == null);
    answer.put("failure", failure == null ? "" : String.valueOf(failure.getMessage()));
    answer.put("counters", loading.counters());
    Map<String, Long> lag = loading.lag();
    answer.put("lag", lag.values().stream().mapToLong(Long::longValue).sum());
    answer.put("lag_by_partition", lag);
    return new Answer(failure == null ? 200 : 503, answer);
  }

  private static String text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (!value.isTextual()) {
      throw new QueryRefusedException("the body needs \"" + field + "\", a text", null);
    }
    return value.asText();
  }

  private static void respond(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = JSON.writeValueAsBytes(answer.body());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
