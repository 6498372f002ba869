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
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]+");

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
      Named key = new Named(strategy.name(), "its API key", KEY, "more than one printable word");
      String value = key.in(source, environment);
      headers.put("authorization", "Bearer " + value);
      secrets.add(value);
    }
    strategy
        .access()
        .headers()
        .forEach((name, place) -> {
          Named header =
              new Named(
                  strategy.name(), "the header " + name, VALUE, "more than one printable line");
          String value = header.in(place, environment);
          headers.put(name, value);
          secrets.add(value.substring(value.lastIndexOf(' ') + 1));
        });
    return new Credentials(headers, new Secrets(secrets));
  }

  /** A value that a plan names the place of. */
  private record Named(String strategy, String what, Pattern form, String otherwise) {

    String in(ApiKey source, UnaryOperator<@Nullable String> environment) {
      return switch (source) {
        case ApiKey.Environment(String name) ->
            checked("the environment variable " + name, environment.apply(name), "export it");
        case ApiKey.File(String path) ->
            checked("the file " + path, read(path), "write it there, on one line");
      };
    }

    private String checked(String where, @Nullable String value, String remedy) {
      if (value != null && form.matcher(value).matches()) {
        return value;
      }
      throw new IllegalArgumentException(
          "strategy %s: %s, which is to hold %s, %s; %s"
              .formatted(
                  strategy,
                  where,
                  what,
                  value == null
                      ? "is not there"
                      : value.isEmpty() ? "is empty" : "holds " + otherwise,
                  remedy));
    }
  }

  private static @Nullable String read(String path) {
    try {
      return Files.readString(Path.of(path)).strip();
    } catch (IOException e) {
      return null;
    }
  }

  /** The endpoint, believing the certificates that the strategy says. */
  static Endpoint trusted(Endpoint endpoint, Access access) {
    String ca = access.ca();
    return endpoint.trusting(new Trust(ca == null ? null : Path.of(ca), access.insecure()));
  }
}
