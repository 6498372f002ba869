package dev.kvasir.app.http;

import org.jspecify.annotations.Nullable;

/** Where a server may listen, and what it must ask for there. */
public final class Listening {

  private static final int LARGEST_PORT = 65_535;
  private static final int SHORTEST_TOKEN = 16;

  private Listening() {}

  /**
   * Checks a port.
   *
   * @param what what listens, such as {@code the live page}
   * @throws IllegalArgumentException if there is no such port
   */
  public static void requirePort(String what, int port) {
    if (port < 0 || port > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "the port of %s is %d; it must be from 0 to %d".formatted(what, port, LARGEST_PORT));
    }
  }

  /**
   * The token that a server asks for; null for none.
   *
   * @param what what listens, such as {@code the live page}
   * @param option the option that gives the token
   * @param host address that it listens on
   * @param given the token; null or blank for none
   * @throws IllegalArgumentException if it is short, or if other machines reach the address and
   *     there is none
   */
  public static @Nullable String token(
      String what, String option, String host, @Nullable String given) {
    if (given == null || given.isBlank()) {
      if (!Loopback.isName(host)) {
        throw new IllegalArgumentException(
            "%s would listen on %s, which other machines reach; give a token with %s, or listen on 127.0.0.1"
                .formatted(what, host, option));
      }
      return null;
    }
    if (given.length() < SHORTEST_TOKEN) {
      throw new IllegalArgumentException(
          "the token of %s has %d characters; %s must have at least %d"
              .formatted(what, given.length(), option, SHORTEST_TOKEN));
    }
    return given;
  }
}
