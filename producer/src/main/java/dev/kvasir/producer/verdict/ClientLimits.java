package dev.kvasir.producer.verdict;

import dev.kvasir.producer.plan.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Where the client exceeded what a plan lets it.
 *
 * @param limited for each threshold that the run exceeded, what was measured and in which seconds
 * @param remarks for each that only single seconds exceeded, the same
 */
record ClientLimits(List<String> limited, List<String> remarks) {

  private static final int NAMED_SPANS = 8;

  static ClientLimits of(ClientHealth health, Thresholds limits) {
    Finder find = new Finder(health.seconds());
    find.nanos(
        "p99 of the dispatch lag",
        health.dispatchLagP99Nanos(),
        limits.dispatchLag().toNanos(),
        second -> second.dispatchLagP99Nanos() > limits.dispatchLag().toNanos());
    find.nanos(
        "p99 of the event loop's lag",
        health.loopLagP99Nanos(),
        limits.loopLag().toNanos(),
        second -> second.loopLagP99Nanos() > limits.loopLag().toNanos());
    find.nanos(
        "garbage collection within a second",
        health.gcPauseNanos(),
        limits.gcPause().toNanos(),
        second -> second.gcPauseNanos() > limits.gcPause().toNanos());
    find.nanos(
        "step of the wall clock",
        health.wallStepNanos(),
        limits.wallStep().toNanos(),
        second -> second.wallStepNanos() > limits.wallStep().toNanos());
    find.add(
        "an event loop's share of a processor",
        percent(health.loopBusy()),
        percent(limits.loopBusy()),
        health.loopBusy() > limits.loopBusy(),
        second -> second.loopBusy() > limits.loopBusy());
    find.add(
        "number of events that wait for the publisher",
        Integer.toString(health.queuedEvents()),
        Integer.toString(limits.queuedEvents()),
        health.queuedEvents() > limits.queuedEvents(),
        second -> second.queuedEvents() > limits.queuedEvents());
    find.add(
        "number of bytes that wait unread in the sockets to the server",
        Long.toString(health.socketBacklogBytes()),
        Long.toString(limits.socketBacklogBytes()),
        health.socketBacklogBytes() > limits.socketBacklogBytes(),
        second ->
            second.socketBacklogBytes() != null
                && second.socketBacklogBytes() > limits.socketBacklogBytes());
    return new ClientLimits(List.copyOf(find.limited), List.copyOf(find.remarks));
  }

  private static final class Finder {

    private final List<ClientSecond> seconds;
    private final List<String> limited = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    Finder(List<ClientSecond> seconds) {
      this.seconds = seconds;
    }

    void nanos(String what, long value, long limit, Predicate<ClientSecond> exceeds) {
      add(what, millis((double) value), millis((double) limit), value > limit, exceeds);
    }

    void add(
        String what,
        String value,
        String limit,
        boolean exceeded,
        Predicate<ClientSecond> exceeds) {
      List<Integer> affected = seconds.stream().filter(exceeds).map(ClientSecond::second).toList();
      if (exceeded) {
        limited.add(what + " is " + value + ", over the limit of " + limit + where(affected));
      } else if (!affected.isEmpty()) {
        remarks.add(what + " exceeds " + limit + where(affected));
      }
    }

    private String where(List<Integer> affected) {
      return affected.isEmpty() ? "" : " in " + spans(affected) + " of " + seconds.size();
    }
  }

  /** Seconds as people write them: {@code second 3}, {@code seconds 3-5, 9}. */
  static String spans(List<Integer> seconds) {
    List<String> spans = new ArrayList<>();
    for (int from = 0; from < seconds.size(); ) {
      int to = from;
      while (to + 1 < seconds.size() && seconds.get(to + 1) == seconds.get(to) + 1) {
        to++;
      }
      spans.add(from == to ? "" + seconds.get(from) : seconds.get(from) + "-" + seconds.get(to));
      from = to + 1;
    }
    String named = String.join(", ", spans.subList(0, Math.min(NAMED_SPANS, spans.size())));
    String more =
        spans.size() > NAMED_SPANS ? " and %d more".formatted(spans.size() - NAMED_SPANS) : "";
    return (seconds.size() == 1 ? "second " : "seconds ") + named + more;
  }

  static String millis(double nanos) {
    return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f%%", share * 100);
  }
}
