package dev.kvasir.sink.exports;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers as Python writes them: the shortest digits that give the same double. */
final class PythonNumber {

  private static final double LEAST_PLAIN = 1e-4;
  private static final double LEAST_LARGE = 1e16;

  private PythonNumber() {}

  /** A number's text; empty for none. */
  static String text(@Nullable Double number) {
    if (number == null) {
      return "";
    }
    double size = Math.abs(number);
    BigDecimal digits = new BigDecimal(number.toString()).stripTrailingZeros();
    if (number == 0 || (size >= LEAST_PLAIN && size < LEAST_LARGE)) {
      String plain = digits.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    int exponent = digits.precision() - digits.scale() - 1;
    return "%se%s%02d"
        .formatted(
            digits.movePointLeft(exponent).stripTrailingZeros().toPlainString(),
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }
}
