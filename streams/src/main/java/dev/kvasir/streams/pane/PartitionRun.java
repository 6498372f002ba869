package dev.kvasir.streams.pane;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.metric.Attainment;
import dev.kvasir.metric.RequestMetrics;
import dev.kvasir.metric.TokenMetrics;
import dev.kvasir.streams.pane.Pane.Counter;
import dev.kvasir.streams.pane.Pane.Latency;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one partition knows of one run: a pane for each second, and the requests that wait. A pane
 * stays open for {@link #HORIZON_SECONDS} behind the newest; what comes for an older second goes to
 * one pane for all of them, so that memory is bounded and the whole run stays exact. Owned by one
 * thread.
 */
final class PartitionRun {

  /** How long a second keeps a pane of its own, in seconds behind the newest. */
  static final long HORIZON_SECONDS = 300;

  private static final long SECOND = 1_000_000_000L;
  private static final long NONE = Long.MIN_VALUE;

  /** A pane and what has to be done with it. */
  private static final class Slot {
    final long second;
    final Pane pane;
    boolean unsaved;
    boolean unreported;

    Slot(long second, Pane pane) {
      this.second = second;
      this.pane = pane;
    }
  }

  private final long run;
  private final NavigableMap<Long, Slot> slots = new TreeMap<>();
  private final List<Slot> unsaved = new ArrayList<>();
  private final List<Slot> unreported = new ArrayList<>();
  private final List<Long> evicted = new ArrayList<>();
  private final Waits waits = new Waits((at, by) -> pane(at).count(Counter.BREACHED, by));
  private final Leases leases = new Leases();
  private @Nullable Slot current;
  private long newestSecond = NONE;

  /** Up to this second no pane can be opened any more, although it may lie within the horizon. */
  private long restedSecond = NONE;

  private long newestAt = NONE;
  private long events;
  private long open;
  private boolean touched;
  private boolean headUnsaved;
  private long silenceNanos;

  PartitionRun(long run) {
    this.run = run;
  }

  void accept(TokenReceived token) {
    if (!leases.counts(token.getOrdinal(), TokenMetrics.epoch(token))) {
      return;
    }
    long at = touch(token.getAt());
    boolean first = token.getIndex() == 0;
    if (first) {
      pane(at).count(Counter.WAITING, -1);
      waits.answered(token.getOrdinal(), at);
    }
    if (!TokenMetrics.measured(token)) {
      return;
    }
    Pane pane = pane(at);
    Integer tokens = token.getTokens();
    pane.count(Counter.CHUNKS, 1);
    pane.count(Counter.TOKENS, tokens == null ? 1 : tokens);
    time(pane, Latency.ITL, TokenMetrics.itlChunk(token));
    if (first) {
      time(pane, Latency.TTFT, token.getSinceDueNanos());
      time(pane, Latency.TTFT_SENT, token.getSinceSentNanos());
    }
  }

  void accept(RequestSent request) {
    if (!leases.counts(request.getOrdinal(), request.getEpoch())) {
      return;
    }
    long at = touch(request.getAt());
    boolean measured = request.getPhase() == Phase.MEASURE;
    Long limit = request.getTtftSloNanos();
    Pane pane = pane(at);
    pane.count(Counter.IN_FLIGHT, 1);
    pane.count(Counter.WAITING, 1);
    pane.count(Counter.SENT, measured ? 1 : 0);
    open++;
    long due = request.getDueAt();
    boolean limited = measured && limit != null;
    waits.sent(request.getOrdinal(), due, limited ? Math.max(due + limit, at) : Waits.NEVER);
  }

  void accept(RequestFinished request) {
    if (!leases.counts(request.getOrdinal(), request.getEpoch())) {
      return;
    }
    long at = touch(request.getAt());
    if (request.getSentAt() != null) {
      open--;
      pane(at).count(Counter.IN_FLIGHT, -1);
      if (request.getFirstContentAt() == null) {
        pane(at).count(Counter.WAITING, -1);
        waits.answered(request.getOrdinal(), at);
      }
    }
    if (request.getPhase() == Phase.MEASURE) {
      ended(pane(at), request);
    }
  }

  private static void ended(Pane pane, RequestFinished request) {
    Attainment attained = Attainment.of(request);
    pane.count(request.getOutcome() == Outcome.OK ? Counter.OK : Counter.FAILED, 1);
    pane.count(Counter.TIMEOUTS, request.getOutcome() == Outcome.TIMEOUT ? 1 : 0);
    pane.count(Counter.ATTAINED, attained.both() ? 1 : 0);
    pane.count(Counter.ATTAINED_TTFT, attained.ttft() ? 1 : 0);
    pane.count(Counter.ATTAINED_TPOT, attained.tpot() ? 1 : 0);
    time(pane, Latency.TPOT, RequestMetrics.tpot(request));
    time(pane, Latency.E2E, RequestMetrics.e2e(request));
  }

  private static void time(Pane pane, Latency latency, @Nullable Number nanos) {
    if (nanos != null) {
      pane.time(latency, nanos.doubleValue());
    }
  }

  private long touch(long at) {
    events++;
    touched = true;
    headUnsaved = true;
    newestAt = Math.max(newestAt, at);
    return at;
  }

  /** The pane to change at a time. */
  private Pane pane(long at) {
    long second = Math.floorDiv(at, SECOND);
    Slot slot = current;
    if (slot == null || slot.second != second) {
      slot = slot(second);
      current = slot;
    }
    if (!slot.unsaved) {
      slot.unsaved = true;
      unsaved.add(slot);
    }
    if (!slot.unreported) {
      slot.unreported = true;
      unreported.add(slot);
    }
    return slot.pane;
  }

  private Slot slot(long second) {
    boolean tooOld =
        second <= restedSecond
            || (newestSecond != NONE && second <= newestSecond - HORIZON_SECONDS);
    long key = tooOld ? Report.BEYOND : second;
    newestSecond = Math.max(newestSecond, second);
    return slots.computeIfAbsent(key, absent -> new Slot(key, new Pane()));
  }

  /** Lets time pass: the clock of the run's events goes on while none comes. */
  void pass(long nanos) {
    silenceNanos = touched ? 0 : silenceNanos + nanos;
    touched = false;
    waits.breachUntil(clock());
  }

  private long clock() {
    return newestAt + silenceNanos;
  }

  /** How long nothing has come, in nanoseconds of passed time. */
  long silenceNanos() {
    return silenceNanos;
  }

  /** Whether requests are in flight. */
  boolean open() {
    return open > 0;
  }

  /** Gives every pane that changed since the last call, and drops those behind the horizon. */
  void reportPanes(int partition, Consumer<Report> out) {
    for (Slot slot : unreported) {
      slot.unreported = false;
      out.accept(new Report.PaneChanged(run, partition, slot.second, slot.pane.toBytes()));
    }
    unreported.clear();
    evict();
  }

  private void evict() {
    if (newestSecond != NONE) {
      evictThrough(newestSecond - HORIZON_SECONDS);
    }
  }

  private void evictThrough(long second) {
    var old = slots.subMap(Report.BEYOND, false, second, true);
    for (Slot slot : old.values()) {
      evicted.add(slot.second);
      unsaved.remove(slot);
    }
    if (!old.isEmpty()) {
      current = null;
      old.clear();
    }
  }

  /** Lets go of every pane but that of what is older than all of them. */
  void rest() {
    restedSecond = Math.max(restedSecond, newestSecond);
    headUnsaved = true;
    leases.release();
    if (!open()) {
      waits.release();
    }
    if (restedSecond != NONE) {
      evictThrough(restedSecond);
    }
  }

  /** Whether nothing has come since it came to rest. */
  boolean hasRested() {
    return silenceNanos > 0 && restedSecond != NONE && restedSecond == newestSecond;
  }

  Report.Pulse pulse(int partition, long undecodable) {
    var due = waits.oldestDue();
    Long wait = due.isPresent() ? Math.max(0, clock() - due.getAsLong()) : null;
    return new Report.Pulse(run, partition, clock(), events, wait, undecodable);
  }

  /** Gives every change since the last call. */
  void save(StateWriter out) {
    for (long second : evicted) {
      out.write(RunKey.pane(run, second), null);
    }
    evicted.clear();
    for (Slot slot : unsaved) {
      slot.unsaved = false;
      out.write(RunKey.pane(run, slot.second), slot.pane.toBytes());
    }
    unsaved.clear();
    waits.save((ordinal, half) -> out.write(RunKey.waiting(run, ordinal), half));
    leases.save((ordinal, epoch) -> out.write(RunKey.lease(run, ordinal), epoch));
    if (headUnsaved) {
      headUnsaved = false;
      out.write(
          RunKey.head(run),
          ByteBuffer.allocate(4 * Long.BYTES)
              .putLong(newestAt)
              .putLong(events)
              .putLong(open)
              .putLong(restedSecond)
              .array());
    }
  }

  /** Takes everything away from where it is kept. */
  void forget(StateWriter out) {
    slots.keySet().forEach(second -> out.write(RunKey.pane(run, second), null));
    evicted.forEach(second -> out.write(RunKey.pane(run, second), null));
    waits.release();
    waits.save((ordinal, half) -> out.write(RunKey.waiting(run, ordinal), null));
    leases.release();
    leases.save((ordinal, epoch) -> out.write(RunKey.lease(run, ordinal), epoch));
    out.write(RunKey.head(run), null);
  }

  void restoreHead(byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value);
    newestAt = in.getLong();
    events = in.getLong();
    open = in.getLong();
    restedSecond = in.hasRemaining() ? in.getLong() : NONE;
    newestSecond = Math.max(newestSecond, restedSecond);
  }

  /** A restored pane is reported again: whether it was before is not known. */
  void restorePane(long second, byte[] value) {
    Slot slot = new Slot(second, Pane.fromBytes(value));
    slot.unreported = true;
    unreported.add(slot);
    slots.put(second, slot);
    newestSecond = Math.max(newestSecond, second);
  }

  void restoreLease(int ordinal, byte[] value) {
    leases.restore(ordinal, value);
  }

  void restoreWait(int ordinal, byte[] value) {
    waits.restore(ordinal, value);
  }
}
