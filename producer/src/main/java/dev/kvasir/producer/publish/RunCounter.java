package dev.kvasir.producer.publish;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts the events of one run; thread-safe. */
final class RunCounter {

  private final Map<EventKind, LongAdder> acknowledged = new EnumMap<>(EventKind.class);
  private final LongAdder lost = new LongAdder();

  RunCounter() {
    for (EventKind kind : EventKind.values()) {
      acknowledged.put(kind, new LongAdder());
    }
  }

  void acknowledged(EventKind kind) {
    adder(kind).increment();
  }

  void lost() {
    lost.increment();
  }

  PublishedCounts counts() {
    return new PublishedCounts(
        count(EventKind.REQUEST_SENT),
        count(EventKind.REQUEST_FINISHED),
        count(EventKind.TOKEN_RECEIVED),
        count(EventKind.OTHER),
        lost.sum());
  }

  private long count(EventKind kind) {
    return adder(kind).sum();
  }

  private LongAdder adder(EventKind kind) {
    return Objects.requireNonNull(acknowledged.get(kind));
  }
}
