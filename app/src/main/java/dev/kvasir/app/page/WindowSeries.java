package dev.kvasir.app.page;

import java.util.Collection;
import java.util.TreeMap;

/** The recent windows of one length; a later one with the same end replaces the earlier. */
final class WindowSeries {

  private final int capacity;
  private final TreeMap<Long, WindowPoint> byEnd = new TreeMap<>();

  WindowSeries(int capacity) {
    this.capacity = capacity;
  }

  void put(WindowPoint point) {
    byEnd.put(point.end(), point);
    if (byEnd.size() > capacity) {
      byEnd.pollFirstEntry();
    }
  }

  void removeBeginningAtOrAfter(long epochSecond) {
    byEnd.values().removeIf(point -> point.beginsAtOrAfter(epochSecond));
  }

  /** In order of time. */
  Collection<WindowPoint> points() {
    return byEnd.values();
  }
}
