package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.Datasets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what lets requests in. What stands where a key might stand is never shown. */
final class AccessReader {

  static final List<String> KEY_KEYS = List.of("env", "file");
  static final List<String> TLS_KEYS = List.of("ca", "insecure");

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Section strategy;
  private final Datasets files;

  private AccessReader(Section strategy, Datasets files) {
    this.strategy = strategy;
    this.files = files;
  }

  static Access read(Section strategy, Datasets files) {
    AccessReader reader = new AccessReader(strategy, files);
    ApiKey key = reader.source(strategy, "api-key");
    Map<String, ApiKey> headers = reader.headers();
    Section tls = strategy.section("tls", TLS_KEYS);
    if (tls == null) {
      return new Access(key, headers, null, false);
    }
    boolean insecure = tls.valueOr("insecure", Value.SWITCH, false);
    if (insecure) {
      tls.refuse("ca", "insecure trusts every certificate; give one of the two");
    }
    return new Access(key, headers, reader.file(tls, "ca", tls.value("ca", Value.TEXT)), insecure);
  }

  /** Headers that are mappings; the others are values. */
  private Map<String, ApiKey> headers() {
    Map<String, PlanNode.Entry> entries = strategy.entries("headers");
    Section headers = strategy.section("headers", entries.keySet());
    Map<String, ApiKey> sources = new LinkedHashMap<>();
    entries.forEach((name, entry) -> {
      if (headers != null && entry.value() instanceof PlanNode.Mapping) {
        ApiKey source = source(headers, name);
        if (source != null) {
          sources.put(name, source);
        }
      }
    });
    return sources;
  }

  private @Nullable ApiKey source(Section owner, String name) {
    PlanNode node = owner.node(name);
    if (node == null) {
      return null;
    }
    if (!(node instanceof PlanNode.Mapping)) {
      owner.add(
          name,
          owner.name(name) + " is no mapping",
          "a plan holds no key; give {env: NAME} or {file: PATH}");
      return null;
    }
    Section key = owner.section(name, KEY_KEYS);
    if (key == null || key.has("env") == key.has("file")) {
      owner.add(name, owner.name(name) + " is not one source", "give either env or file");
      return null;
    }
    return key.has("env") ? environment(key) : keyFile(key);
  }

  private @Nullable ApiKey environment(Section key) {
    if (key.node("env") instanceof PlanNode.Scalar(_, String name, _)
        && VARIABLE.matcher(name).matches()) {
      return new ApiKey.Environment(name);
    }
    key.add(
        "env",
        key.name("env") + " is no name of an environment variable",
        "give the name, such as OPENAI_API_KEY, and not the key");
    return null;
  }

  private @Nullable ApiKey keyFile(Section key) {
    if (key.node("file") instanceof PlanNode.Scalar(_, String path, _)
        && !path.isBlank()
        && files.readable(path)) {
      return new ApiKey.File(files.resolve(path));
    }
    key.add(
        "file",
        key.name("file") + " is no file that can be read",
        "give the path of a file that holds the key, relative to the plan's folder");
    return null;
  }

  private @Nullable String file(Section section, String key, @Nullable String path) {
    if (path == null || files.readable(path)) {
      return path == null ? null : files.resolve(path);
    }
    section.add(
        key,
        "%s is %s, and there is no such file".formatted(section.name(key), path),
        "give the path of a file that can be read, relative to the plan's folder");
    return null;
  }
}
