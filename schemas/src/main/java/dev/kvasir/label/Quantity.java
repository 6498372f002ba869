package dev.kvasir.label;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A product such as {@code env.LMCACHE_MAX_LOCAL_CPU_SIZE or 5 * GiB}: factors are numbers, units,
 * and facts, which may have a number to fall back to.
 */
record Quantity(String text, List<Factor> factors) {

  private static final Map<String, BigDecimal> UNITS =
      Map.of(
          "KiB", BigDecimal.valueOf(1L << 10),
          "MiB", BigDecimal.valueOf(1L << 20),
          "GiB", BigDecimal.valueOf(1L << 30),
          "MB", BigDecimal.valueOf(1_000_000L),
          "GB", BigDecimal.valueOf(1_000_000_000L));
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}(\\.\\d{1,18})?");
  private static final Pattern FACT = Pattern.compile("(?<name>[\\w.-]+)( or (?<other>[\\d.]+))?");

  /**
   * One factor.
   *
   * @param fact name of the fact; null for a constant
   * @param constant the number, or what stands for an absent fact; null for none
   */
  record Factor(@Nullable String fact, @Nullable BigDecimal constant) {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is no product
   */
  static Quantity of(String text) {
    return new Quantity(text, Stream.of(text.split(" \\* ")).map(Quantity::factor).toList());
  }

  private static Factor factor(String text) {
    if (UNITS.containsKey(text)) {
      return new Factor(null, UNITS.get(text));
    }
    if (NUMBER.matcher(text).matches()) {
      return new Factor(null, new BigDecimal(text));
    }
    Matcher fact = FACT.matcher(text);
    if (!fact.matches()) {
      throw new IllegalArgumentException(text + " is no factor");
    }
    String other = fact.group("other");
    return new Factor(fact.group("name"), other == null ? null : new BigDecimal(other));
  }

  /** The value, rounded to a whole number; null when a fact is absent, no number or zero. */
  @Nullable Long value(Function<String, @Nullable String> facts) {
    BigDecimal product = BigDecimal.ONE;
    for (Factor factor : factors) {
      String given = factor.fact() == null ? null : facts.apply(factor.fact());
      BigDecimal number = given == null ? factor.constant() : number(given);
      if (number == null) {
        return null;
      }
      product = product.multiply(number);
    }
    boolean fits = product.signum() > 0 && product.precision() - product.scale() <= 18;
    return fits ? product.setScale(0, RoundingMode.HALF_UP).longValueExact() : null;
  }

  private static @Nullable BigDecimal number(String text) {
    return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
  }
}
