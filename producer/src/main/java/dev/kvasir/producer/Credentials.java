package dev.kvasir.producer;

import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.client.Trust;
import dev.kvasir.producer.exchange.Secrets;
import dev.kvasir.producer.plan.Access;
import dev.kvasir.producer.plan.ApiKey;
import dev.kvasir.producer.plan.PlanText;
import dev.kvasir.producer.plan.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a strategy's requests carry to be let in; not for printing.
 *
 * @param headers headers of every request, the key's among them
 * @param secrets what no event may hold
 */
record Credentials(Map<String, String> headers, Secrets secrets) {

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]+");

  /**
   * Finds a strategy's key.
   *
   * @param environment values of environment variables; null for one that is not set
   * @throws IllegalArgumentException if there is none where the plan says it is; never shows one
   */
  static Credentials of(Strategy strategy, UnaryOperator<@Nullable String> environment) {
    Map<String, String> headers = new LinkedHashMap<>(strategy.headers());
    List<String> secrets = new ArrayList<>(PlanText.secrets(strategy));
    ApiKey source = strategy.access().apiKey();
    if (source != null) {
      String key = key(strategy, source, environment);
      headers.put("authorization", "Bearer " + key);
      secrets.add(key);
    }
    return new Credentials(headers, new Secrets(secrets));
  }

  private static String key(
      Strategy strategy, ApiKey source, UnaryOperator<@Nullable String> environment) {
    return switch (source) {
      case ApiKey.Environment(String name) ->
          checked(
              strategy, "the environment variable " + name, environment.apply(name), "export it");
      case ApiKey.File(String path) ->
          checked(strategy, "the file " + path, read(path), "write the key into it, on one line");
    };
  }

  private static @Nullable String read(String path) {
    try {
      return Files.readString(Path.of(path)).strip();
    } catch (IOException e) {
      return null;
    }
  }

  private static String checked(
      Strategy strategy, String where, @Nullable String key, String remedy) {
    if (key != null && KEY.matcher(key).matches()) {
      return key;
    }
    throw new IllegalArgumentException(
        "strategy %s: %s, which is to hold its API key, %s; %s"
            .formatted(
                strategy.name(),
                where,
                key == null
                    ? "is not there"
                    : key.isEmpty() ? "is empty" : "holds more than one printable word",
                remedy));
  }

  /** The endpoint, believing the certificates that the strategy says. */
  static Endpoint trusted(Endpoint endpoint, Access access) {
    String ca = access.ca();
    return endpoint.trusting(new Trust(ca == null ? null : Path.of(ca), access.insecure()));
  }
}
