package dev.kvasir.producer.verdict;

import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;

/**
 * How the client fared in one run.
 *
 * @param dispatchLagP99Nanos 99th percentile of how late requests were sent
 * @param loopLagP99Nanos 99th percentile of how late the event loop's timer fired
 * @param gcPauseNanos longest time within one second that the garbage collector stopped the client
 * @param wallStepNanos largest step of the wall clock against the monotonic clock between samples
 * @param seconds each second of the run
 */
public record ClientHealth(
    long dispatchLagP99Nanos,
    long loopLagP99Nanos,
    long gcPauseNanos,
    long wallStepNanos,
    List<ClientSecond> seconds) {

  private static final double USUAL_SHARE = 0.95;

  public ClientHealth {
    seconds = List.copyOf(seconds);
  }

  /** Health of a run whose seconds are not known. */
  public ClientHealth(
      long dispatchLagP99Nanos, long loopLagP99Nanos, long gcPauseNanos, long wallStepNanos) {
    this(dispatchLagP99Nanos, loopLagP99Nanos, gcPauseNanos, wallStepNanos, List.of());
  }

  /** Share of a second that an event loop spent on a processor, exceeded in 1 second of 20. */
  double loopBusy() {
    return usual(seconds.stream().mapToDouble(ClientSecond::loopBusy));
  }

  /** Bytes that waited unread in the sockets to the server, exceeded in 1 second of 20. */
  long socketBacklogBytes() {
    return (long)
        usual(
            seconds.stream()
                .map(ClientSecond::socketBacklogBytes)
                .filter(Objects::nonNull)
                .mapToDouble(Long::doubleValue));
  }

  private static double usual(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[(int) (USUAL_SHARE * (sorted.length - 1))];
  }

  /** Most events that waited for the publisher at the end of a second. */
  int queuedEvents() {
    return seconds.stream().mapToInt(ClientSecond::queuedEvents).max().orElse(0);
  }
}
