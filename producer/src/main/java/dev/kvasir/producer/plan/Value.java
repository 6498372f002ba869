package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.ThinkTime;
import dev.kvasir.producer.launch.Secrets;
import dev.kvasir.producer.spread.Spread;
import dev.kvasir.producer.workload.KvSizing;
import dev.kvasir.producer.workload.TokenRange;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A kind of value that a plan can hold.
 *
 * @param expected what it must be, to follow "it must be"
 * @param parser the value of a text; null when it is not one of the kind
 * @param shown what a message shows of a text that is not one of the kind
 */
record Value<T>(
    String expected, Function<String, @Nullable T> parser, UnaryOperator<String> shown) {

  private static final Pattern DURATION_TEXT =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?) ?(ns|us|µs|ms|s|m|h|d)");
  private static final Pattern NAME_TEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern NUMBER_TEXT =
      Pattern.compile("[-+]?\\d{1,15}(?:\\.\\d{1,15})?(?:[eE][-+]?\\d{1,2})?");
  private static final Pattern RANGE_TEXT = Pattern.compile("(\\d{1,8})(?:\\.\\.(\\d{1,8}))?");
  private static final Pattern SIZE_TEXT =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?) ?(B|[kKMGT]B|[KMGT]iB)");
  private static final Pattern URL_TEXT = Pattern.compile("https?://[^\\s/?#@]+(?:/[^\\s?#]*)?");

  private static final Pattern PAGE_TEXT = Pattern.compile("https?://[^\\s/?#@]+(?:/[^\\s#]*)?");

  static final Value<String> TEXT = new Value<>("a text", text -> text.isBlank() ? null : text);
  static final Value<String> NAME =
      new Value<>(
          "a name of at most 64 letters, digits, dots, underscores and dashes",
          text -> NAME_TEXT.matcher(text).matches() ? text : null);
  static final Value<String> URL =
      new Value<>(
          "an http or https address with its path and without credentials, such as"
              + " http://host:8000/v1/completions",
          text -> URL_TEXT.matcher(text).matches() ? text : null,
          Secrets::removedFromAddress);
  static final Value<String> PAGE =
      new Value<>(
          "an http or https address without credentials, such as http://host:9400/metrics",
          text -> PAGE_TEXT.matcher(text).matches() ? text : null,
          Secrets::removedFromAddress);
  static final Value<Duration> DURATION =
      new Value<>("a duration with its unit, such as 125ms, 2s, 5m or 72h", Value::duration);
  static final Value<Duration> LENGTH =
      new Value<>(
          "a duration above 0 with its unit, such as 125ms, 2s, 5m or 72h",
          text -> {
            Duration duration = duration(text);
            return duration == null || duration.isZero() ? null : duration;
          });
  static final Value<ThinkTime> THINK_TIME =
      new Value<>(
          "a duration with its unit, such as 2s, a range such as 1s..5s, or normal 2s sd 500ms,"
              + " lognormal 2s sd 1s or exponential 2s, perhaps with bounds around the mean such as"
              + " in 0s..10s",
          Value::thinkTime);
  static final Value<Double> SHARE =
      new Value<>("a percentage above 0% and at most 100%, such as 90%", Value::share);
  static final Value<Double> RATE = new Value<>("above 0 requests per second, or inf", Value::rate);
  static final Value<Boolean> SWITCH =
      new Value<>(
          "true or false",
          text ->
              switch (text) {
                case "true", "on" -> true;
                case "false", "off" -> false;
                default -> null;
              });
  static final Value<Long> SEED = new Value<>("a whole number", Value::wholeLong);
  static final Value<TokenRange> TOKENS =
      new Value<>(
          "a number of tokens of at least 1, a range such as 200..800, or normal 512 sd 128, lognormal"
              + " 512 sd 128 or exponential 512, perhaps with bounds around the mean such as in"
              + " 1..2048",
          Value::tokens);
  static final Value<KvSizing.Size> SIZE =
      new Value<>("a size with its unit, such as 50GB (10^9) or 16GiB (2^30)", Value::size);
  static final Value<KvSizing.Size> SIZE_OR_BYTES =
      new Value<>(
          "a whole number of bytes above 0, or a size such as 128KiB",
          text -> size(text.matches("\\d{1,15}") ? text + "B" : text));
  static final Value<Double> NUMBER = new Value<>("a number", Value::number);

  /** A kind whose texts are shown as they are. */
  Value(String expected, Function<String, @Nullable T> parser) {
    this(expected, parser, UnaryOperator.identity());
  }

  /** A whole number of at least {@code least}. */
  static Value<Integer> atLeast(int least) {
    return new Value<>(
        "a whole number of at least " + least,
        text -> {
          Long number = wholeLong(text);
          return number == null || number < least || number > Integer.MAX_VALUE
              ? null
              : number.intValue();
        });
  }

  /** A number above {@code least}. */
  static Value<Double> above(double least) {
    return new Value<>(
        "a number above " + PlanText.number(least),
        text -> {
          Double number = number(text);
          return number == null || number <= least ? null : number;
        });
  }

  /** One of the constants, by name. */
  static <E extends Enum<E>> Value<E> oneOf(E[] constants, Function<E, String> name) {
    return new Value<>(
        Arrays.stream(constants).map(name).collect(Collectors.joining(", ", "one of ", "")),
        text ->
            Arrays.stream(constants)
                .filter(constant -> name.apply(constant).equals(text))
                .findFirst()
                .orElse(null));
  }

  private static @Nullable Duration duration(String text) {
    Matcher matcher = DURATION_TEXT.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long unitNanos =
        switch (matcher.group(2)) {
          case "ns" -> 1L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "d" -> 86_400_000_000_000L;
          default -> 1_000L;
        };
    BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNanos));
    boolean exact = nanos.stripTrailingZeros().scale() <= 0;
    boolean fits = nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    return exact && fits ? Duration.ofNanos(nanos.longValueExact()) : null;
  }

  private static KvSizing.@Nullable Size size(String text) {
    Matcher matcher = SIZE_TEXT.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long unit =
        switch (matcher.group(2)) {
          case "kB", "KB" -> 1_000L;
          case "MB" -> 1_000_000L;
          case "GB" -> 1_000_000_000L;
          case "TB" -> 1_000_000_000_000L;
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          case "TiB" -> 1L << 40;
          default -> 1L;
        };
    BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    boolean fits = bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    return fits && bytes.longValue() > 0
        ? new KvSizing.Size(text.replace(" ", ""), bytes.longValue())
        : null;
  }

  private static @Nullable ThinkTime thinkTime(String text) {
    if (!text.isEmpty() && Character.isLetter(text.charAt(0))) {
      return SpreadText.thinkTime(text, Value::duration);
    }
    int dots = text.indexOf("..");
    Duration min = duration(dots < 0 ? text : text.substring(0, dots));
    Duration max = duration(text.substring(dots < 0 ? 0 : dots + 2));
    return min == null || max == null || max.compareTo(min) < 0
        ? null
        : new ThinkTime(min, max, new Spread.Even());
  }

  private static @Nullable Double share(String text) {
    if (!text.endsWith("%")) {
      return null;
    }
    Double percent = number(text.substring(0, text.length() - 1));
    return percent == null || percent <= 0 || percent > 100 ? null : percent / 100;
  }

  private static @Nullable Double rate(String text) {
    if (text.equals("inf")) {
      return Double.POSITIVE_INFINITY;
    }
    Double rate = number(text);
    return rate == null || rate <= 0 ? null : rate;
  }

  private static @Nullable Double number(String text) {
    return NUMBER_TEXT.matcher(text).matches() ? Double.valueOf(text) : null;
  }

  private static @Nullable Long wholeLong(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException notWhole) {
      return null;
    }
  }

  private static @Nullable TokenRange tokens(String text) {
    Matcher matcher = RANGE_TEXT.matcher(text);
    if (!matcher.matches()) {
      return SpreadText.tokens(text);
    }
    int min = Integer.parseInt(matcher.group(1));
    int max = matcher.group(2) == null ? min : Integer.parseInt(matcher.group(2));
    return min < 1 || max < min ? null : new TokenRange(min, max);
  }
}
