package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.ThinkTime;
import dev.kvasir.producer.spread.Spread;
import dev.kvasir.producer.workload.TokenRange;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Distributions as plans write them, such as {@code normal 512 sd 128 in 1..2048}. */
final class SpreadText {

  private static final Pattern TEXT =
      Pattern.compile(
          "(normal|lognormal|exponential) (\\S{1,24})(?: sd (\\S{1,24}))?(?: plus (\\S{1,24}))?"
              + "(?: in (\\S{1,24}?)\\.\\.(\\S{1,24}))?");

  private final Spread spread;
  private final @Nullable Double least;
  private final @Nullable Double most;

  private SpreadText(Spread spread, @Nullable Double least, @Nullable Double most) {
    this.spread = spread;
    this.least = least;
    this.most = most;
  }

  /** Numbers of tokens; null when the text is no distribution of them. */
  static @Nullable TokenRange tokens(String text) {
    SpreadText read = read(text, SpreadText::number);
    if (read == null) {
      return null;
    }
    if (read.least == null || read.most == null) {
      return TokenRange.from(1, read.spread);
    }
    boolean whole = read.least == Math.rint(read.least) && read.most == Math.rint(read.most);
    return whole && read.least >= 1 && read.most <= 99_999_999
        ? new TokenRange(read.least.intValue(), read.most.intValue(), read.spread)
        : null;
  }

  /** Think times; null when the text is no distribution of them. */
  static @Nullable ThinkTime thinkTime(String text, Function<String, @Nullable Duration> time) {
    SpreadText read =
        read(
            text,
            word -> {
              Duration duration = time.apply(word);
              return duration == null ? null : (Double) (double) duration.toNanos();
            });
    if (read == null) {
      return null;
    }
    return read.least == null || read.most == null
        ? ThinkTime.of(read.spread)
        : new ThinkTime(
            Duration.ofNanos(read.least.longValue()),
            Duration.ofNanos(read.most.longValue()),
            read.spread);
  }

  private static @Nullable SpreadText read(String text, Function<String, @Nullable Double> number) {
    Matcher words = TEXT.matcher(text);
    if (!words.matches()) {
      return null;
    }
    double mean = value(words.group(2), number);
    double deviation = value(words.group(3), number);
    double added = words.group(4) == null ? 0 : value(words.group(4), number);
    Spread spread = spread(words.group(1), words.group(3) != null, mean, deviation, added);
    if (spread == null || (spread instanceof Spread.Normal && words.group(4) != null)) {
      return null;
    }
    if (words.group(5) == null) {
      return new SpreadText(spread, null, null);
    }
    double least = value(words.group(5), number);
    double most = value(words.group(6), number);
    return least < most && least <= mean + added && mean + added <= most
        ? new SpreadText(spread, least, most)
        : null;
  }

  private static @Nullable Spread spread(
      String name, boolean hasDeviation, double mean, double deviation, double added) {
    boolean positive = mean > 0 && added >= 0 && (!hasDeviation || deviation > 0);
    if (!positive || hasDeviation == name.equals("exponential")) {
      return null;
    }
    return switch (name) {
      case "normal" -> new Spread.Normal(mean, deviation);
      case "lognormal" -> new Spread.LogNormal(mean, deviation, added);
      default -> new Spread.Exponential(mean, added);
    };
  }

  /** Not a number where there is none. */
  private static double value(@Nullable String word, Function<String, @Nullable Double> number) {
    Double value = word == null ? null : number.apply(word);
    return value == null ? Double.NaN : value;
  }

  private static @Nullable Double number(String word) {
    return word.matches("\\d{1,8}(\\.\\d{1,9})?") ? Double.valueOf(word) : null;
  }
}
