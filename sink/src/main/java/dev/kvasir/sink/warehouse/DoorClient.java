package dev.kvasir.sink.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks the warehouse that another process holds, through its SQL door. Thread-safe. */
public final class DoorClient implements Queries, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final URI door;
  private final String token;

  /**
   * @param door the door's address
   * @param token what it asks for
   */
  public DoorClient(URI door, String token) {
    this.door = door;
    this.token = token;
  }

  @Override
  public QueryResult query(String sql, List<? extends @Nullable Object> parameters) {
    JsonNode answer = post("/sql", Map.of("sql", sql, "parameters", parameters));
    List<QueryResult.Column> columns = new ArrayList<>();
    for (JsonNode column : answer.path("columns")) {
      columns.add(
          new QueryResult.Column(column.path("name").asText(), column.path("type").asText()));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (JsonNode row : answer.path("rows")) {
      rows.add(row(row, columns));
    }
    return new QueryResult(columns, rows, answer.path("truncated").asBoolean());
  }

  private static List<@Nullable Object> row(JsonNode row, List<QueryResult.Column> columns) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object value = JSON.convertValue(row.get(i), Object.class);
      boolean isNumber = columns.get(i).type().equals("DOUBLE") && value instanceof String;
      values.add(isNumber ? (Object) Double.valueOf((String) value) : value);
    }
    return values;
  }

  /** Has the holder write every table and view as Parquet, and names the files. */
  public List<Path> exportParquet(String name) {
    List<Path> files = new ArrayList<>();
    post("/export", Map.of("name", name)).path("files").forEach(file -> files.add(path(file)));
    return files;
  }

  /** Has the holder write a DuckDB file with everything. */
  public Path snapshot(String name) {
    return path(post("/snapshot", Map.of("name", name)).path("file"));
  }

  private static Path path(JsonNode text) {
    return Path.of(text.asText());
  }

  private JsonNode post(String path, Map<String, ?> body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(door.resolve(path))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
              .build();
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      JsonNode read = JSON.readTree(answer.body());
      if (answer.statusCode() != 200) {
        throw new QueryRefusedException(read.path("error").asText("refused"), null);
      }
      return read;
    } catch (IOException e) {
      throw new WarehouseException(
          "the SQL door at %s does not answer (%s); who held the home may just have ended: try again"
              .formatted(door, e.getClass().getSimpleName()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WarehouseException("interrupted while asking the SQL door at " + door, e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
