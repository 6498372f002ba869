package dev.kvasir.producer.client;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How late an event loop is: at sending requests, and at running a timer that fires every 10 ms.
 * The loop's thread writes; one other thread reads intervals.
 */
public final class LoopHealth {

  private static final long CANARY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LARGEST_NANOS = TimeUnit.HOURS.toNanos(1);

  private final SingleWriterRecorder dispatch = new SingleWriterRecorder(LARGEST_NANOS, 2);
  private final SingleWriterRecorder canary = new SingleWriterRecorder(LARGEST_NANOS, 2);
  private final Loop loop;
  private long expectedNanos;
  private boolean stopped;
  private volatile long threadId;

  LoopHealth(Loop loop) {
    this.loop = loop;
  }

  void start() {
    threadId = Thread.currentThread().threadId();
    expectedNanos = loop.nanos() + CANARY_NANOS;
    loop.after(CANARY_NANOS, this::tick);
  }

  void stop() {
    stopped = true;
  }

  private void tick() {
    if (stopped) {
      return;
    }
    long now = loop.nanos();
    canary.recordValue(Math.clamp(now - expectedNanos, 0, LARGEST_NANOS));
    expectedNanos = now + CANARY_NANOS;
    loop.after(CANARY_NANOS, this::tick);
  }

  void dispatched(long lateNanos) {
    dispatch.recordValue(lateNanos);
  }

  /** The loop's thread; 0 before it runs. */
  public long threadId() {
    return threadId;
  }

  /** What the loop has read from its sockets. */
  public ReadTally reads() {
    return loop.reads();
  }

  /** How late requests left since the last call, nanoseconds. */
  public Histogram takeDispatchLag() {
    return dispatch.getIntervalHistogram();
  }

  /** How late the timer fired since the last call, nanoseconds. */
  public Histogram takeLoopLag() {
    return canary.getIntervalHistogram();
  }
}
