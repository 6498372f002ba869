package dev.kvasir.simulator.profile;

import dev.kvasir.simulator.profile.ProfileKey.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers with units: durations in nanoseconds, sizes in bytes, bandwidths in bytes a nanosecond,
 * arithmetic in operations a nanosecond.
 */
final class Quantity {
  private static final Pattern NUMBER = Pattern.compile("\\d[\\d_]*(?:\\.\\d+)?(?:e\\d+)?");
  private static final Pattern WITH_UNIT =
      Pattern.compile("(-?\\d[\\d_]*(?:\\.\\d+)?)\\s*([A-Za-zµ]+(?:/s)?)");

  private static final Map<String, Double> DURATIONS =
      Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9);
  private static final Map<String, Double> SIZES =
      Map.of(
          "B", 1.0, "kB", 1e3, "KiB", 1024.0, "MB", 1e6, "MiB", 0x1p20, "GB", 1e9, "GiB", 0x1p30,
          "TB", 1e12, "TiB", 0x1p40);
  private static final Map<String, Double> SPEEDS = Map.of("GFLOP/s", 1.0, "TFLOP/s", 1e3);

  private Quantity() {}

  /** Null if it is none. */
  static @Nullable Double read(Kind kind, String text) {
    return switch (kind) {
      case WHOLE, DECIMAL ->
          NUMBER.matcher(text).matches() ? Double.valueOf(text.replace("_", "")) : null;
      case DURATION -> withUnit(text, DURATIONS);
      case BYTES -> withUnit(text, SIZES);
      case BANDWIDTH -> bandwidth(text);
      case ARITHMETIC -> withUnit(text, SPEEDS);
      case TEXT, SWITCH, CHOICE -> null;
    };
  }

  /** The same number in words that {@link #read} takes. */
  static String write(Kind kind, double number) {
    return switch (kind) {
      case DURATION -> plain(number) + "ns";
      case BYTES -> plain(Math.rint(number)) + "B";
      case BANDWIDTH -> plain(number) + "GB/s";
      case ARITHMETIC -> plain(number) + "GFLOP/s";
      case WHOLE -> plain(Math.rint(number));
      case TEXT, SWITCH, CHOICE, DECIMAL -> plain(number);
    };
  }

  /** Six digits, without an exponent. */
  private static String plain(double number) {
    return new BigDecimal(number, new MathContext(6)).stripTrailingZeros().toPlainString();
  }

  /** Bytes or bits a second; the slash may be left out, as on the label of a network card. */
  private static @Nullable Double bandwidth(String text) {
    String bits = text.replaceFirst("b(/s)?$", "B");
    if (!bits.equals(text)) {
      Double bytes = withUnit(bits, SIZES);
      return bytes == null ? null : bytes / 8e9;
    }
    Double bytes = withUnit(text.replaceFirst("/s$", ""), SIZES);
    return bytes == null ? null : bytes / 1e9;
  }

  private static @Nullable Double withUnit(String text, Map<String, Double> units) {
    Matcher matcher = WITH_UNIT.matcher(text.strip());
    if (!matcher.matches()) {
      return null;
    }
    Double unit = units.get(matcher.group(2));
    return unit == null ? null : Double.parseDouble(matcher.group(1).replace("_", "")) * unit;
  }
}
