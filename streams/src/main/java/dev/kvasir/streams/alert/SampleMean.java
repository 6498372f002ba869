package dev.kvasir.streams.alert;

import java.util.ArrayDeque;
import java.util.Deque;

/** The mean of one series' samples in the last seconds, or of all. Owned by one thread. */
final class SampleMean {

  private record Point(long at, double value) {}

  private final long windowNanos;
  private final Deque<Point> points = new ArrayDeque<>();
  private double sum;
  private long count;

  /**
   * No samples yet.
   *
   * @param windowSeconds length; 0 for all samples
   */
  SampleMean(int windowSeconds) {
    windowNanos = windowSeconds * 1_000_000_000L;
  }

  /** Adds a sample and gives the mean. */
  double add(long at, double value) {
    sum += value;
    count++;
    if (windowNanos == 0) {
      return sum / count;
    }
    points.addLast(new Point(at, value));
    while (points.getFirst().at <= at - windowNanos) {
      sum -= points.removeFirst().value;
      count--;
    }
    return sum / count;
  }
}
