package dev.kvasir.simulator.server;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How one request is to be mistreated, because its client asked for it. */
sealed interface Fault {

  /** Nothing goes wrong. */
  record None() implements Fault {}

  /** Nothing is sent for a while before chunk {@code index}; what comes later queues up behind. */
  record Stall(Duration duration, int index) implements Fault {}

  /** The connection is reset (TCP RST) after so many chunks. */
  record ResetAfter(int chunks) implements Fault {}

  /** The connection is closed in good order, but without the end of the response, likewise. */
  record CloseAfter(int chunks) implements Fault {}

  /** After so many chunks comes one event whose data is cut off in the middle of its JSON. */
  record Malformed(int chunks) implements Fault {}

  /** The answer is this error status. */
  record Status(int code) implements Fault {}

  /** Every event leaves in pieces of so many bytes, one piece each millisecond. */
  record Drip(int bytes) implements Fault {}

  /** The body is bytes that are no server-sent events. */
  record Garbage() implements Fault {}

  /** The server breaks every connection so long after the request, and listens no more. */
  record Crash(Duration after) implements Fault {}

  /** The answer's time of creation is off by so much, as from a clock that is ahead. */
  record Skew(Duration ahead) implements Fault {}

  Fault NONE = new None();

  Pattern SPELLING = Pattern.compile("([a-z-]+)(?:=([^@]*)(?:@(\\d{1,9}))?)?");

  /**
   * Reads {@code stall=2s}, {@code stall=2s@5}, {@code reset-after=3}, {@code close-after=3},
   * {@code malformed}, {@code malformed=3}, {@code status=429}, {@code drip}, {@code drip=16},
   * {@code garbage}, {@code crash=2s} or {@code skew=2s}.
   *
   * @throws ApiException if it is none of them
   */
  static Fault parse(@Nullable String text) {
    if (text == null) {
      return NONE;
    }
    Matcher matcher = SPELLING.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw unknown(text);
    }
    String value = matcher.group(2);
    return switch (matcher.group(1)) {
      case "stall" ->
          new Stall(
              duration(text, value),
              matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)));
      case "reset-after" -> new ResetAfter(number(text, value, 0, 1_000_000));
      case "close-after" -> new CloseAfter(number(text, value, 0, 1_000_000));
      case "malformed" -> new Malformed(value == null ? 1 : number(text, value, 0, 1_000_000));
      case "status" -> new Status(number(text, value, 400, 599));
      case "drip" -> new Drip(value == null ? 8 : number(text, value, 1, 65_536));
      case "garbage" -> new Garbage();
      case "crash" -> new Crash(duration(text, value));
      case "skew" -> new Skew(duration(text, value));
      default -> throw unknown(text);
    };
  }

  private static int number(String text, @Nullable String value, int least, int most) {
    if (value != null && value.matches("\\d{1,7}")) {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw unknown(text);
  }

  private static Duration duration(String text, @Nullable String value) {
    if (value != null && value.matches("\\d{1,9}ms")) {
      return Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)));
    }
    if (value != null && value.matches("\\d{1,6}s")) {
      return Duration.ofSeconds(Long.parseLong(value.substring(0, value.length() - 1)));
    }
    throw unknown(text);
  }

  private static ApiException unknown(String text) {
    return ApiException.bad(
        "x-kvasir-fault",
        "the fault is %s; expected stall=2s, stall=200ms@5, reset-after=3, close-after=3, malformed, status=429, drip, drip=16, garbage, crash=2s or skew=2s"
            .formatted(text));
  }
}
