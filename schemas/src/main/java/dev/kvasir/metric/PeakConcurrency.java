package dev.kvasir.metric;

import java.util.Arrays;

/** The largest number of requests in flight at once, by sweep line. */
public final class PeakConcurrency {

  private PeakConcurrency() {}

  /**
   * Sweeps over starts and ends, in one time unit and any order; an end at the instant of a start
   * comes first, as an interval excludes its end.
   */
  public static int of(long[] starts, long[] ends) {
    if (starts.length != ends.length) {
      throw new IllegalArgumentException(
          starts.length + " starts and " + ends.length + " ends; every request needs both");
    }
    long[] begin = starts.clone();
    long[] finish = ends.clone();
    Arrays.sort(begin);
    Arrays.sort(finish);
    int ended = 0;
    int peak = 0;
    for (int started = 0; started < begin.length; started++) {
      while (ended < finish.length && finish[ended] <= begin[started]) {
        ended++;
      }
      peak = Math.max(peak, started + 1 - ended);
    }
    return peak;
  }
}
