package dev.kvasir.producer.search;

/**
 * How many requests of a run attained their limits.
 *
 * @param attained requests that met both limits
 * @param due requests that were due
 */
public record Tally(long attained, long due) {

  public Tally {
    if (attained < 0 || attained > due) {
      throw new IllegalArgumentException(attained + " of " + due + " requests");
    }
  }
}
