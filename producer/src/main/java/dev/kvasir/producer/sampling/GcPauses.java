package dev.kvasir.producer.sampling;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** How long the garbage collector has stopped this process. */
final class GcPauses {

  private long before = totalMillis();

  /** Milliseconds since the last call. */
  long takeMillis() {
    long now = totalMillis();
    long pause = now - before;
    before = now;
    return pause;
  }

  /** Concurrent collectors report their cycles, which stop nothing, beside their pauses. */
  private static long totalMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(bean -> !bean.getName().endsWith("Cycles"))
        .filter(bean -> !bean.getName().contains("Concurrent"))
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .filter(millis -> millis > 0)
        .sum();
  }
}
