package dev.kvasir.producer.calibration;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.kvasir.event.Phase;
import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.Pace;
import dev.kvasir.producer.client.PhaseLoad;
import dev.kvasir.producer.client.PhaseTally;
import dev.kvasir.producer.exchange.Dialect;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;

/**
 * Measures a client's stamps against an emitter in another process of this machine, which shares
 * the monotonic clock. One thread runs trials, one after the other.
 */
public final class StampingTrial {

  private static final int WARM_UP_SECONDS = 2;
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final LoadClient client;
  private final Ticker ticker;
  private final String emitter;
  private final EventSink events;
  private final EpochAnchor anchor;
  private final RunFrame frame;

  /**
   * Trials of a client.
   *
   * @param emitter address of a recording emitter
   * @param events takes every event of the loads, those of the warm-up included
   */
  public StampingTrial(LoadClient client, Ticker ticker, String emitter, EventSink events) {
    this.client = client;
    this.ticker = ticker;
    this.emitter = emitter;
    this.events = events;
    this.anchor = EpochAnchor.measure(ticker, WallClock.system());
    this.frame =
        new RunFrame(
            anchor.epochNanos() / 1000,
            anchor,
            Dialect.of(Protocol.OPENAI_COMPLETIONS),
            null,
            null,
            TIMEOUT.toNanos(),
            false);
  }

  /** Warms up with the load for two seconds, then measures it. */
  public TrialResult run(Trial trial) throws InterruptedException {
    Trial warmUp = new Trial(trial.streams(), trial.tokensPerSecond(), WARM_UP_SECONDS);
    drive(warmUp, Phase.WARM_UP, events);
    emissions();
    StampLog stamps = new StampLog(trial, events);
    Usage before = Usage.now(client);
    long start = ticker.nanos();
    PhaseTally tally = drive(trial, Phase.MEASURE, stamps);
    long elapsed = ticker.nanos() - start;
    Usage used = Usage.now(client).since(before);
    return result(
        trial,
        stamps.against(emissions(), anchor.epochNanos() - anchor.monotonicNanos()),
        elapsed,
        used,
        tally);
  }

  private PhaseTally drive(Trial trial, Phase phase, EventSink sink) throws InterruptedException {
    Prompt prompt =
        new Prompt(List.of(new Message("user", "hello")), 1, trial.tokens(), null, null, null);
    LoadPoint.Open load = new LoadPoint.Open(new ArrivalProcess.Constant(), trial.streams(), null);
    try {
      return client
          .drive(
              new PhaseLoad(
                  frame,
                  "trial",
                  phase,
                  1,
                  Endpoint.parse(emitter, ""),
                  Map.of(),
                  Collections.nCopies(trial.streams(), prompt),
                  (each, _) -> new Question("loopback", each, false, false, Map.of()),
                  new Pace.Open(Schedule.of(load, trial.streams(), 1), ticker.nanos(), null),
                  sink))
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a trial against " + emitter + " failed", e.getCause());
    }
  }

  private byte[] emissions() {
    try (InputStream in =
        Endpoint.parse(emitter, "").origin().resolve("/emissions").toURL().openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the emitter at " + emitter + " does not answer", e);
    }
  }

  private static TrialResult result(
      Trial trial, StampLog.Comparison found, long elapsedNanos, Usage used, PhaseTally tally) {
    double tokens = found.lag().getTotalCount();
    return new TrialResult(
        trial.streams(),
        tokens / (elapsedNanos / 1e9),
        millis(found.lag(), 50),
        millis(found.lag(), 99),
        millis(found.lag(), 99.9),
        found.lag().getMaxValue() / 1e6,
        millis(found.gap(), 50),
        millis(found.gap(), 99),
        millis(found.trueGap(), 50),
        millis(found.trueGap(), 99),
        used.cpuNanos / 1e3 / tokens,
        used.bytes / tokens,
        used.reads / tokens,
        tally.dispatchLagP99Nanos() / 1e6,
        found.missing());
  }

  private static double millis(Histogram of, double percentile) {
    return of.getValueAtPercentile(percentile) / 1e6;
  }

  /** What a process has used. */
  private record Usage(long cpuNanos, long bytes, long reads) {

    static Usage now(LoadClient client) {
      OperatingSystemMXBean machine =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      return new Usage(
          machine.getProcessCpuTime(),
          threads.getTotalThreadAllocatedBytes(),
          client.health().reads().reads());
    }

    Usage since(Usage before) {
      return new Usage(cpuNanos - before.cpuNanos, bytes - before.bytes, reads - before.reads);
    }
  }
}
