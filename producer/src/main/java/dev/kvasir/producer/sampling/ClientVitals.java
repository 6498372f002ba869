package dev.kvasir.producer.sampling;

import com.sun.management.OperatingSystemMXBean;
import dev.kvasir.producer.client.LoopHealth;
import dev.kvasir.producer.publish.Backlog;
import dev.kvasir.producer.verdict.ClientHealth;
import dev.kvasir.producer.verdict.ClientSecond;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Takes the client's own state, second by second. Owned by the sampler's thread. */
final class ClientVitals {

  /** Takes a measurement by name. */
  interface Taker {
    void take(String name, double value);
  }

  private static final long LARGEST_NANOS = TimeUnit.HOURS.toNanos(1);

  private final SamplerSettings settings;
  private final GcPauses gc = new GcPauses();
  private final SocketBacklog sockets;
  private final OperatingSystemMXBean machine =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Histogram dispatchLag = new Histogram(LARGEST_NANOS, 2);
  private final Histogram loopLag = new Histogram(LARGEST_NANOS, 2);
  private final List<ClientSecond> seconds = new ArrayList<>();
  private long atNanos;
  private long cpuNanos;
  private long reads;
  private long bytes;
  private long pieces;
  private long driftNanos;

  /** Starts now: what was before is not taken. */
  ClientVitals(SamplerSettings settings) {
    this.settings = settings;
    this.sockets = new SocketBacklog(settings.server().getPort());
    LoopHealth loop = settings.loop();
    loop.takeDispatchLag();
    loop.takeLoopLag();
    atNanos = settings.ticker().nanos();
    cpuNanos = loopCpuNanos();
    reads = loop.reads().reads();
    bytes = loop.reads().bytes();
    pieces = loop.reads().pieces();
    driftNanos = settings.anchor().wallDriftNanos(settings.ticker(), settings.wall());
  }

  /** Takes what has come to pass since the last call. */
  void second(Taker samples) {
    long dispatch = dispatch(samples);
    long lag = loopLag(samples);
    long paused = gc.takeMillis();
    samples.take("gc_pause_ms", (double) paused);
    double busy = busy(samples);
    reads(samples);
    Long unread = sockets.read(samples);
    Backlog backlog = settings.publisher().backlog();
    samples.take("publisher_queued_events", backlog.queued());
    samples.take("publisher_waiting_bytes", (double) backlog.memoryBytes());
    samples.take("publisher_spilled_bytes", (double) backlog.spilledBytes());
    seconds.add(
        new ClientSecond(
            seconds.size(),
            dispatch,
            lag,
            TimeUnit.MILLISECONDS.toNanos(paused),
            step(samples),
            busy,
            backlog.queued(),
            unread));
  }

  /** How the client fared since the start. */
  ClientHealth health() {
    return new ClientHealth(
        dispatchLag.getValueAtPercentile(99),
        loopLag.getValueAtPercentile(99),
        seconds.stream().mapToLong(ClientSecond::gcPauseNanos).max().orElse(0),
        seconds.stream().mapToLong(ClientSecond::wallStepNanos).max().orElse(0),
        seconds);
  }

  private long dispatch(Taker samples) {
    Histogram dispatched = settings.loop().takeDispatchLag();
    dispatchLag.add(dispatched);
    if (dispatched.getTotalCount() == 0) {
      return 0;
    }
    samples.take("dispatch_lag_p99_ms", dispatched.getValueAtPercentile(99) / 1e6);
    return dispatched.getValueAtPercentile(99);
  }

  private long loopLag(Taker samples) {
    Histogram loop = settings.loop().takeLoopLag();
    loopLag.add(loop);
    if (loop.getTotalCount() == 0) {
      return 0;
    }
    samples.take("loop_lag_p99_ms", loop.getValueAtPercentile(99) / 1e6);
    samples.take("loop_lag_max_ms", loop.getMaxValue() / 1e6);
    return loop.getValueAtPercentile(99);
  }

  private double busy(Taker samples) {
    long now = settings.ticker().nanos();
    long cpu = loopCpuNanos();
    double busy =
        now == atNanos ? 0 : Math.clamp((double) (cpu - cpuNanos) / (now - atNanos), 0, 1);
    atNanos = now;
    cpuNanos = cpu;
    samples.take("loop_cpu_share", busy);
    double process = machine.getProcessCpuLoad();
    if (process >= 0) {
      samples.take("cpu_share", process);
    }
    return busy;
  }

  private long loopCpuNanos() {
    return Math.max(0, threads.getThreadCpuTime(settings.loop().threadId()));
  }

  private void reads(Taker samples) {
    var now = settings.loop().reads();
    long newReads = now.reads() - reads;
    samples.take("socket_reads", (double) newReads);
    if (newReads > 0) {
      samples.take("bytes_per_read", (double) (now.bytes() - bytes) / newReads);
      samples.take("pieces_per_read", (double) (now.pieces() - pieces) / newReads);
    }
    reads += newReads;
    bytes = now.bytes();
    pieces = now.pieces();
  }

  private long step(Taker samples) {
    long drift = settings.anchor().wallDriftNanos(settings.ticker(), settings.wall());
    long step = Math.abs(drift - driftNanos);
    driftNanos = drift;
    samples.take("wall_drift_ms", drift / 1e6);
    return step;
  }
}
