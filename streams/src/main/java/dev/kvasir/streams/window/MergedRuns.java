package dev.kvasir.streams.window;

import dev.kvasir.event.WindowMeasured;
import dev.kvasir.streams.pane.Report;
import dev.kvasir.streams.pane.StateWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Every run whose windows are measured here. A run's panes close {@link #CLOSED} after its end when
 * all its events are in; when some are missing, after {@link #GIVEN_UP} without news; when nothing
 * is seen of it, after {@link #DROPPED}. A run that has not ended may be silent for as long, then
 * rests as the sum of its panes, and is given up after {@link #LOST}. All of these are spans of
 * passed time, not of event time, so that an old log can be read again. Owned by one thread.
 */
public final class MergedRuns {

  static final Duration CLOSED = Duration.ofSeconds(60);
  static final Duration GIVEN_UP = Duration.ofMinutes(10);
  static final Duration DROPPED = Duration.ofHours(24);
  static final Duration LOST = Duration.ofDays(7);

  private static final int TICKS_TO_SETTLE = 10;
  private static final int TICKS_TO_FOLD = 100;

  /** A run and how long it has been as it is. */
  private static final class Entry<R> {
    final R run;
    long endedNanos;
    long quietNanos;

    Entry(R run) {
      this.run = run;
    }
  }

  private final Map<Long, Entry<OpenRun>> open = new HashMap<>();
  private final Map<Long, Entry<ClosedRun>> closed = new HashMap<>();
  private final StateWriter state;
  private long ticks;

  /**
   * No runs yet.
   *
   * @param state where changes are kept
   */
  public MergedRuns(StateWriter state) {
    this.state = state;
  }

  /** Takes a report in. */
  public void accept(Report report) {
    long number = report.run();
    Entry<ClosedRun> past = closed.get(number);
    if (past != null) {
      if (past.run.accept(report)) {
        state.write(MergeKey.closed(number), past.run.toBytes());
      }
      return;
    }
    Entry<OpenRun> entry = open(number);
    if (entry.run.accept(report, state)) {
      entry.quietNanos = 0;
    }
  }

  private Entry<OpenRun> open(long number) {
    return open.computeIfAbsent(number, absent -> new Entry<>(new OpenRun(number)));
  }

  /**
   * Lets time pass and gives every window that has changed.
   *
   * @param elapsedNanos time since the last call, nanoseconds
   */
  public void tick(long elapsedNanos, Consumer<WindowMeasured> out) {
    ticks++;
    Iterator<Map.Entry<Long, Entry<OpenRun>>> all = open.entrySet().iterator();
    while (all.hasNext()) {
      var next = all.next();
      Entry<OpenRun> entry = next.getValue();
      entry.quietNanos += elapsedNanos;
      entry.endedNanos += entry.run.ended() ? elapsedNanos : 0;
      entry.run.emit(ticks % TICKS_TO_SETTLE == 0, state, out);
      if (ticks % TICKS_TO_FOLD == 0) {
        entry.run.fold(entry.quietNanos >= DROPPED.toNanos(), state);
      }
      if (isOver(entry)) {
        close(next.getKey(), entry.run, out);
        all.remove();
      }
    }
    tickClosed(elapsedNanos, out);
  }

  private static boolean isOver(Entry<OpenRun> entry) {
    if (entry.run.complete()) {
      return entry.endedNanos >= CLOSED.toNanos();
    }
    Duration unseen = entry.run.empty() ? DROPPED : GIVEN_UP;
    return entry.quietNanos >= (entry.run.ended() ? unseen : LOST).toNanos();
  }

  private void close(long number, OpenRun run, Consumer<WindowMeasured> out) {
    run.emit(true, state, out);
    ClosedRun past = run.close(state);
    state.write(MergeKey.closed(number), past.toBytes());
    closed.put(number, new Entry<>(past));
  }

  private void tickClosed(long elapsedNanos, Consumer<WindowMeasured> out) {
    Iterator<Map.Entry<Long, Entry<ClosedRun>>> all = closed.entrySet().iterator();
    while (all.hasNext()) {
      var next = all.next();
      Entry<ClosedRun> entry = next.getValue();
      entry.quietNanos += elapsedNanos;
      if (entry.run.news()) {
        entry.quietNanos = 0;
        out.accept(entry.run.measured());
      }
      if (entry.quietNanos >= DROPPED.toNanos()) {
        state.write(MergeKey.closed(next.getKey()), null);
        all.remove();
      }
    }
  }

  /**
   * Takes back one entry that was given to be kept.
   *
   * @throws IllegalArgumentException if the key is none of ours
   */
  public void restore(byte[] key, byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(key);
    byte kind = in.get();
    long number = in.getLong();
    if (kind == MergeKey.CLOSED) {
      closed.put(number, new Entry<>(ClosedRun.fromBytes(number, value)));
      return;
    }
    open(number).run.restore(kind, in, value);
  }
}
