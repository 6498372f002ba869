package dev.kvasir.streams.window;

import dev.kvasir.event.WindowMeasured;
import dev.kvasir.streams.pane.Pane;
import dev.kvasir.streams.pane.Report;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** A run whose panes change no more; what still comes is counted. Owned by one thread. */
final class ClosedRun {

  private final long run;
  private final long end;
  private final byte[] whole;
  private final Map<Integer, Long> events;
  private long late;
  private boolean told = true;

  /**
   * A run that was closed.
   *
   * @param run run number
   * @param end epoch second of the run's end, exclusive
   * @param whole pane of the whole run, as bytes
   * @param events events seen by partition
   * @param late events that came too late
   */
  ClosedRun(long run, long end, byte[] whole, Map<Integer, Long> events, long late) {
    this.run = run;
    this.end = end;
    this.whole = whole;
    this.events = new TreeMap<>(events);
    this.late = late;
  }

  /** Takes a report in; false if it changes nothing. */
  boolean accept(Report report) {
    if (!(report instanceof Report.Pulse pulse)) {
      return false;
    }
    long before = events.getOrDefault(pulse.partition(), 0L);
    if (pulse.events() == before) {
      return false;
    }
    // A partition that had forgotten the run counts from 0 again.
    late += pulse.events() > before ? pulse.events() - before : pulse.events();
    events.put(pulse.partition(), pulse.events());
    told = false;
    return true;
  }

  /** Whether the count of late events has changed since it was last given. */
  boolean news() {
    return !told;
  }

  /** The whole run with the late events that were counted. */
  WindowMeasured measured() {
    told = true;
    Pane pane = Pane.fromBytes(whole);
    return new WindowView(run, WindowLength.WHOLE.seconds(), end, pane, pane, null, late, 0)
        .toEvent();
  }

  byte[] toBytes() {
    ByteBuffer out =
        ByteBuffer.allocate(
            2 * Long.BYTES
                + Integer.BYTES
                + events.size() * (Integer.BYTES + Long.BYTES)
                + whole.length);
    out.putLong(end).putLong(late).putInt(events.size());
    events.forEach((partition, count) -> out.putInt(partition).putLong(count));
    return out.put(whole).array();
  }

  static ClosedRun fromBytes(long run, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long end = in.getLong();
    long late = in.getLong();
    Map<Integer, Long> events = new TreeMap<>();
    for (int left = in.getInt(); left > 0; left--) {
      events.put(in.getInt(), in.getLong());
    }
    byte[] whole = new byte[in.remaining()];
    in.get(whole);
    return new ClosedRun(run, end, whole, events, late);
  }
}
