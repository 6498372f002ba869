package dev.kvasir.producer.sampling;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** By how much counters have grown since they were first read. One thread uses it. */
final class Traffic {

  /** A series. */
  private record Key(String name, Map<String, String> labels) {}

  /**
   * A counter.
   *
   * @param last its last value
   * @param grown by how much it has grown; a restart from 0 counts what came after it
   */
  private record Counter(double last, double grown) {

    Counter now(double value) {
      return new Counter(value, grown + (value < last ? value : value - last));
    }
  }

  private final Map<Key, Counter> counters = new HashMap<>();
  private boolean read;

  /** What several pages say together. */
  static Traffic together(List<Traffic> parts) {
    Traffic all = new Traffic();
    for (Traffic part : parts) {
      part.counters.forEach((key, counter) ->
          all.counters.merge(
              key,
              counter,
              (one, other) -> new Counter(other.last(), one.grown() + other.grown())));
    }
    return all;
  }

  void add(Reading reading) {
    if (!reading.counter()) {
      return;
    }
    counters.merge(
        new Key(reading.name(), reading.labels()),
        new Counter(reading.value(), read ? reading.value() : 0),
        (before, now) -> before.now(now.last()));
  }

  /** A whole page was read: a series that appears from now on began at 0. */
  void pageEnded() {
    read = true;
  }

  /** Whether any series of this name was read. */
  boolean knows(String name) {
    return counters.keySet().stream().anyMatch(key -> key.name().equals(name));
  }

  /** Growth of all series of a name together. */
  double of(String name) {
    return counters.entrySet().stream()
        .filter(each -> each.getKey().name().equals(name))
        .mapToDouble(each -> each.getValue().grown())
        .sum();
  }

  /** Growth of the series of a name by the value of a label; series without it are left out. */
  Map<String, Double> by(String name, String label) {
    Map<String, Double> grown = new HashMap<>();
    counters.forEach((key, counter) -> {
      String value = key.labels().get(label);
      if (key.name().equals(name) && value != null) {
        grown.merge(value, counter.grown(), Double::sum);
      }
    });
    return grown;
  }
}
