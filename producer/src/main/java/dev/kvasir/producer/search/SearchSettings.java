package dev.kvasir.producer.search;

/**
 * What a search looks for: the highest rate at which enough requests attain their limits.
 *
 * @param from rate that is tried first, per second, above 0
 * @param to highest rate that is tried, above {@code from}
 * @param resolution the search ends when a rate that is too high is at most this share above one
 *     that is not
 * @param target share of requests that must attain their limits, 0 to 1
 * @param confidence confidence of the interval that decides about a rate, between 0.5 and 1
 * @param repeats most runs of a rate, at least 1
 */
public record SearchSettings(
    double from, double to, double resolution, double target, double confidence, int repeats) {

  public SearchSettings {
    if (!(from > 0) || !(to > from) || Double.isInfinite(to)) {
      throw new IllegalArgumentException("a search from %s to %s".formatted(from, to));
    }
    if (!(resolution > 0) || !(target > 0) || target > 1 || repeats < 1) {
      throw new IllegalArgumentException(
          "resolution %s, target %s, %d repeats".formatted(resolution, target, repeats));
    }
    if (!(confidence > 0.5) || !(confidence < 1)) {
      throw new IllegalArgumentException("a confidence of " + confidence);
    }
  }
}
