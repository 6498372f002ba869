package dev.kvasir.producer.client;

import dev.kvasir.producer.exchange.Due;
import dev.kvasir.producer.exchange.Exchange;
import dev.kvasir.producer.exchange.Ticket;
import dev.kvasir.producer.workload.Chains;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends the requests of one phase when its pacer says that they are due, and sees each to its end.
 * Owned by the loop's thread; {@link #done} completes there.
 */
final class PhaseDrive implements Pacer.Gate {

  private static final long LARGEST_LAG_NANOS = TimeUnit.HOURS.toNanos(1);

  private final Loop loop;
  private final LoopHealth health;
  private final PhaseLoad load;
  private final BodiesAhead bodies;
  private final Pacer pacer;
  private final int slots;
  private final Set<Call> inFlight = new HashSet<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Histogram lag = new Histogram(LARGEST_LAG_NANOS, 3);
  private final CompletableFuture<PhaseTally> done = new CompletableFuture<>();
  private int ended;
  private int left;
  private int unsettled;
  private boolean stopped;

  /** A request that is due and waits for a slot. */
  private record Waiting(int index, long dueNanos) {}

  PhaseDrive(Loop loop, LoopHealth health, PhaseLoad load, BodiesAhead bodies) {
    this.loop = loop;
    this.health = health;
    this.load = load;
    this.bodies = bodies;
    this.pacer = pacer(load);
    this.slots =
        load.pace() instanceof Pace.Open open && open.maxInFlight() != null
            ? open.maxInFlight()
            : Integer.MAX_VALUE;
  }

  private Pacer pacer(PhaseLoad load) {
    Chains chains = load.chains();
    return switch (load.pace()) {
      case Pace.Open open -> new ScheduledPacer(open, chains, load.prompts().size(), this);
      case Pace.Closed closed -> new UserPacer(closed, chains, this);
      case Pace.Bursts bursts -> new BurstPacer(bursts, chains, this);
    };
  }

  CompletableFuture<PhaseTally> done() {
    return done;
  }

  void start() {
    if (stopped) {
      return;
    }
    pacer.start();
    completeIfEnded();
  }

  /** Ends what is in flight as aborted, and what was to be due by the schedule as not sent. */
  void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    List.copyOf(inFlight).forEach(Call::abort);
    waiting.forEach(request -> unsent(request.index(), request.dueNanos()));
    waiting.clear();
    pacer.stop();
    complete();
  }

  @Override
  public void unsent(int index, long dueNanos) {
    ticketed(index, dueNanos).unsent(loop.nanos(), "the run was stopped");
    ended++;
  }

  @Override
  public long nanos() {
    return loop.nanos();
  }

  @Override
  public void after(long delayNanos, Runnable task) {
    loop.after(
        delayNanos,
        () -> {
          if (!stopped) {
            task.run();
          }
        });
  }

  @Override
  public void due(int index, long dueNanos) {
    if (inFlight.size() >= slots) {
      waiting.add(new Waiting(index, dueNanos));
    } else {
      dispatch(index, dueNanos, dueNanos);
    }
  }

  /**
   * Hands a request to the client.
   *
   * @param free when it was due and could have left
   */
  private void dispatch(int index, long dueNanos, long free) {
    byte[] body = bodies.take(index);
    long late = Math.clamp(loop.nanos() - free, 0, LARGEST_LAG_NANOS);
    lag.recordValue(late);
    health.dispatched(late);
    left++;
    Call call =
        new Call(
            loop,
            ticketed(index, dueNanos),
            load.runId() + "/" + load.ordinal(index),
            load.frame().timeoutNanos(),
            (over, end) -> ended(over, index));
    inFlight.add(call);
    call.start(load, body);
  }

  private Due ticketed(int index, long dueNanos) {
    return Exchange.due(
        new Ticket(
            load.frame(),
            load.ordinal(index),
            load.phase(),
            load.pass(),
            dueNanos,
            load.prompt(index)),
        load.events());
  }

  private void ended(Call call, int index) {
    inFlight.remove(call);
    ended++;
    if (stopped) {
      return;
    }
    unsettled++;
    loop.execute(() -> settle(index));
  }

  private void settle(int index) {
    unsettled--;
    if (stopped) {
      return;
    }
    Waiting head = waiting.poll();
    if (head != null) {
      dispatch(head.index(), head.dueNanos(), loop.nanos());
    }
    pacer.ended(index);
    completeIfEnded();
  }

  private void completeIfEnded() {
    if (inFlight.isEmpty() && waiting.isEmpty() && unsettled == 0 && !pacer.hasMore()) {
      complete();
    }
  }

  private void complete() {
    done.complete(new PhaseTally(left, ended, lag.getValueAtPercentile(99)));
  }
}
