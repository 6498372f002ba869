package dev.kvasir.producer.search;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Optional;

/**
 * What a search found.
 *
 * @param settings what it looked for
 * @param holds the highest rate that holds; empty when none does
 * @param breaks the lowest rate that does not; empty when all that were tried hold
 */
public record Finding(SearchSettings settings, Optional<Rate> holds, Optional<Rate> breaks) {

  /**
   * What was seen at a rate.
   *
   * @param rate requests per second
   * @param attainment share of requests that attained their limits, with its interval
   * @param runs runs that were made
   * @param sure whether the interval lies wholly on one side of the target
   */
  public record Rate(double rate, Proportion attainment, int runs, boolean sure) {

    private String text(double confidence) {
      return String.format(
          Locale.ROOT,
          "%s requests/s (%.1f %%, %s %% interval %.1f to %.1f %%, %d %s%s)",
          plain(rate),
          attainment.share() * 100,
          plain(confidence * 100),
          attainment.low() * 100,
          attainment.high() * 100,
          runs,
          runs == 1 ? "run" : "runs",
          sure ? "" : ", undecided");
    }
  }

  /** The finding as a sentence without its end. */
  public String text() {
    String target = "attainment of " + plain(settings.target() * 100) + " %";
    if (holds.isEmpty()) {
      return "%s does not hold even at %s"
          .formatted(target, breaks.map(this::text).orElse("any rate"));
    }
    return breaks.isEmpty()
        ? "%s holds up to the highest rate that was asked for, %s"
            .formatted(target, text(holds.get()))
        : "%s holds at %s and not at %s".formatted(target, text(holds.get()), text(breaks.get()));
  }

  private String text(Rate rate) {
    return rate.text(settings.confidence());
  }

  /** A rate as findings say it. */
  public static String plain(double number) {
    return new BigDecimal(number).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }
}
