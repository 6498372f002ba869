package dev.kvasir.producer.search;

import dev.kvasir.producer.spread.StandardNormal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the highest rate at which attainment stays at or above a target. The rate is doubled from
 * the first one until it is too high, then the interval is halved by ratio. Runs are repeated at a
 * rate until the interval of its attainment lies wholly on one side of the target; when the last
 * repeat has not decided, the share that was seen does. One thread uses it.
 */
public final class RateSearch {

  private static final MathContext DIGITS = new MathContext(3);

  private final SearchSettings settings;
  private final double z;
  private final Map<Double, List<Tally>> runs = new TreeMap<>();
  private double highestThatHolds = Double.NaN;
  private double lowestThatBreaks = Double.NaN;
  private double rate;
  private boolean over;

  public RateSearch(SearchSettings settings) {
    this.settings = settings;
    this.z = StandardNormal.quantile((1 + settings.confidence()) / 2);
    this.rate = settings.from();
  }

  /**
   * A run to be made.
   *
   * @param rate requests per second
   * @param repeat which run at this rate, from 1
   */
  public record Trial(double rate, int repeat) {}

  /** What a search says about a rate. */
  public enum Side {
    /** The interval is at or above the target. */
    HOLDS,
    /** The interval is below the target. */
    BREAKS,
    /** The interval contains the target. */
    OPEN
  }

  /** The next run; empty when the search is over. */
  public Optional<Trial> next() {
    return over
        ? Optional.empty()
        : Optional.of(new Trial(rate, runs.getOrDefault(rate, List.of()).size() + 1));
  }

  /** Takes the result of the run that was to be made next. */
  public void ended(Tally tally) {
    List<Tally> tallies = runs.computeIfAbsent(rate, _ -> new ArrayList<>());
    tallies.add(tally);
    Proportion seen = Proportion.of(tallies, z);
    Side side = side(seen);
    if (side == Side.OPEN && tallies.size() < settings.repeats()) {
      return;
    }
    boolean holds = side == Side.HOLDS || (side == Side.OPEN && seen.share() >= settings.target());
    if (holds) {
      highestThatHolds = rate;
    } else {
      lowestThatBreaks = rate;
    }
    choose();
  }

  private Side side(Proportion seen) {
    if (seen.low() >= settings.target()) {
      return Side.HOLDS;
    }
    return seen.high() < settings.target() ? Side.BREAKS : Side.OPEN;
  }

  private void choose() {
    if (Double.isNaN(highestThatHolds)) {
      over = true;
      return;
    }
    if (Double.isNaN(lowestThatBreaks)) {
      over = highestThatHolds >= settings.to();
      rate = Math.min(settings.to(), rounded(highestThatHolds * 2));
      return;
    }
    double middle = rounded(Math.sqrt(highestThatHolds * lowestThatBreaks));
    over =
        lowestThatBreaks <= highestThatHolds * (1 + settings.resolution())
            || runs.containsKey(middle);
    rate = middle;
  }

  private static double rounded(double rate) {
    return new BigDecimal(rate).round(DIGITS).doubleValue();
  }

  /** What the search has found so far. */
  public Finding finding() {
    return new Finding(settings, side(highestThatHolds), side(lowestThatBreaks));
  }

  private Optional<Finding.Rate> side(double of) {
    List<Tally> tallies = runs.get(of);
    if (tallies == null) {
      return Optional.empty();
    }
    Proportion seen = Proportion.of(tallies, z);
    return Optional.of(new Finding.Rate(of, seen, tallies.size(), side(seen) != Side.OPEN));
  }

  /** Most runs that a search with these settings makes, about. */
  public static int mostRuns(SearchSettings settings) {
    double doublings = Math.ceil(Math.log(settings.to() / settings.from()) / Math.log(2));
    double halvings =
        Math.ceil(Math.log(Math.log(2) / Math.log(1 + settings.resolution())) / Math.log(2));
    int rates = (int) (1 + doublings + Math.max(0, halvings));
    return rates * settings.repeats();
  }

  /** Fewest runs that a search with these settings makes when it finds both sides, about. */
  public static int fewestRuns(SearchSettings settings) {
    return Math.min(2, mostRuns(settings));
  }
}
