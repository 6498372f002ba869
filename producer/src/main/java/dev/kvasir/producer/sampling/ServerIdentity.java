package dev.kvasir.producer.sampling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server says that it is: {@code owned_by} of {@code /v1/models}, and the version from where
 * its engine has it.
 *
 * @param engine engine, such as {@code vllm}; null when it does not say
 * @param version its version; null when it does not say
 */
public record ServerIdentity(@Nullable String engine, @Nullable String version) {

  /** A server that says nothing. */
  public static final ServerIdentity UNKNOWN = new ServerIdentity(null, null);

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int MAX_CHARACTERS = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Words in {@code owned_by} by engine. */
  private static final Map<String, String> OWNERS =
      Map.of(
          "sglang", "sglang",
          "llamacpp", "llamacpp",
          "llama.cpp", "llamacpp",
          "vllm", "vllm",
          "tensorrt", "trtllm",
          "kvasir-simulator", "simulator");

  /** Where a version stands. */
  private record Place(String engine, String path, String field) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("sglang", "/get_server_info", "version"),
          new Place("sglang", "/server_info", "version"),
          new Place("llamacpp", "/props", "build_info"),
          new Place("vllm", "/version", "version"),
          new Place("trtllm", "/version", "version"),
          new Place("simulator", "/version", "version"));

  /** Asks a server; what cannot be learnt within seconds stays unknown. */
  public static ServerIdentity ask(SideRequests requests) throws InterruptedException {
    try {
      String engine = owner(json(requests, "/v1/models"));
      return engine == null
          ? byVersion(requests)
          : new ServerIdentity(engine, version(requests, engine));
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** When a server's process says that it was started; null when it does not say. */
  public static @Nullable String startedAt(SideRequests requests) throws InterruptedException {
    try {
      SideRequests.Reply page = requests.send("GET", requests.on("/metrics"), PATIENCE);
      return PrometheusText.read(page.body(), Set.of("process_start_time_seconds")).stream()
          .findFirst()
          .map(series -> Double.toString(series.value()))
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether its OpenAI answers count tokens along when they are asked to. */
  public boolean countsAlong() {
    return "vllm".equals(engine) || "sglang".equals(engine) || "simulator".equals(engine);
  }

  /** Whether it keeps prompts nowhere but in its own pool. */
  public boolean hasOneTier() {
    return "llamacpp".equals(engine);
  }

  private static @Nullable String owner(JsonNode models) {
    String owner = models.at("/data/0/owned_by").asText("").toLowerCase(Locale.ROOT);
    return OWNERS.entrySet().stream()
        .filter(each -> owner.contains(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String version(SideRequests requests, String engine)
      throws IOException, InterruptedException {
    for (Place place : PLACES) {
      if (place.engine().equals(engine)) {
        String version = text(json(requests, place.path()), place.field());
        if (version != null) {
          return version;
        }
      }
    }
    return null;
  }

  /** An engine that only one of them has such a page for; a bare version names none. */
  private static ServerIdentity byVersion(SideRequests requests)
      throws IOException, InterruptedException {
    String sglang = text(json(requests, "/get_server_info"), "version");
    if (sglang != null) {
      return new ServerIdentity("sglang", sglang);
    }
    String llama = text(json(requests, "/props"), "build_info");
    if (llama != null) {
      return new ServerIdentity("llamacpp", llama);
    }
    return new ServerIdentity(null, text(json(requests, "/version"), "version"));
  }

  private static @Nullable String text(JsonNode page, String field) {
    String text = page.path(field).asText("").strip();
    if (text.isEmpty()) {
      return null;
    }
    return text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) : text;
  }

  private static JsonNode json(SideRequests requests, String path)
      throws IOException, InterruptedException {
    SideRequests.Reply reply = requests.send("GET", requests.on(path), PATIENCE);
    if (!reply.isOk()) {
      return JSON.createObjectNode();
    }
    try {
      JsonNode page = JSON.readTree(reply.body());
      return page == null ? JSON.createObjectNode() : page;
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }
}
