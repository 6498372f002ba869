package dev.kvasir.producer.arrival;

import java.math.BigDecimal;

/** Numbers in the texts of load points. */
final class PlainNumber {

  private PlainNumber() {}

  /** Without an exponent or needless zeros; infinity is {@code inf}. */
  static String of(double number) {
    if (Double.isInfinite(number)) {
      return "inf";
    }
    return number == 0 ? "0" : BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
