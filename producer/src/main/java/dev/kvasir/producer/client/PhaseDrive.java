package dev.kvasir.producer.client;

import dev.kvasir.producer.exchange.Due;
import dev.kvasir.producer.exchange.Exchange;
import dev.kvasir.producer.exchange.Ticket;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends the requests of one phase and sees each to its end. Owned by the loop's thread; {@link
 * #done} completes there.
 */
final class PhaseDrive {

  private static final long LARGEST_LAG_NANOS = TimeUnit.HOURS.toNanos(1);

  private final Loop loop;
  private final LoopHealth health;
  private final PhaseLoad load;
  private final BodiesAhead bodies;
  private final int size;
  private final int slots;
  private final Set<Call> inFlight = new HashSet<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Histogram lag = new Histogram(LARGEST_LAG_NANOS, 3);
  private final CompletableFuture<PhaseTally> done = new CompletableFuture<>();
  private int next;
  private int ended;
  private int left;
  private boolean stopped;

  /** A request that is due and waits for a slot. */
  private record Waiting(int index, long dueNanos) {}

  PhaseDrive(Loop loop, LoopHealth health, PhaseLoad load, BodiesAhead bodies) {
    this.loop = loop;
    this.health = health;
    this.load = load;
    this.bodies = bodies;
    this.size = load.prompts().size();
    this.slots =
        switch (load.pace()) {
          case Pace.Open open ->
              open.maxInFlight() == null ? Integer.MAX_VALUE : open.maxInFlight();
          case Pace.Closed closed -> closed.concurrency();
        };
  }

  CompletableFuture<PhaseTally> done() {
    return done;
  }

  void start() {
    switch (load.pace()) {
      case Pace.Open open -> dispatchDue(open);
      case Pace.Closed closed -> {
        long now = loop.nanos();
        while (next < Math.min(size, closed.concurrency())) {
          dispatch(next++, now, now);
        }
      }
    }
    completeIfEnded();
  }

  /** Ends what is in flight as aborted, and what is due by the schedule as not sent. */
  void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    List.copyOf(inFlight).forEach(Call::abort);
    long now = loop.nanos();
    waiting.forEach(request -> unsent(request.index(), request.dueNanos(), now));
    waiting.clear();
    if (load.pace() instanceof Pace.Open open) {
      while (next < size) {
        unsent(next, open.zeroNanos() + open.schedule().dueNanos(next), now);
        next++;
      }
    }
    complete();
  }

  private void unsent(int index, long dueNanos, long now) {
    due(index, dueNanos).unsent(now, "the run was stopped");
    ended++;
  }

  private void dispatchDue(Pace.Open open) {
    if (stopped) {
      return;
    }
    long now = loop.nanos();
    while (next < size) {
      long due = open.zeroNanos() + open.schedule().dueNanos(next);
      if (due > now) {
        loop.after(due - now, () -> dispatchDue(open));
        return;
      }
      int index = next++;
      if (inFlight.size() >= slots) {
        waiting.add(new Waiting(index, due));
      } else {
        dispatch(index, due, due);
        now = loop.nanos();
      }
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
            due(index, dueNanos),
            load.runId() + "/" + load.ordinal(index),
            load.frame().timeoutNanos(),
            this::ended);
    inFlight.add(call);
    call.start(load, body);
  }

  private Due due(int index, long dueNanos) {
    return Exchange.due(
        new Ticket(
            load.frame(),
            load.ordinal(index),
            load.phase(),
            load.pass(),
            dueNanos,
            load.prompts().get(index)),
        load.events());
  }

  private void ended(Call call, Exchange.Ended end) {
    inFlight.remove(call);
    ended++;
    if (stopped) {
      return;
    }
    loop.execute(this::fillSlot);
  }

  private void fillSlot() {
    if (stopped) {
      return;
    }
    long now = loop.nanos();
    Waiting head = waiting.poll();
    if (head != null) {
      dispatch(head.index(), head.dueNanos(), now);
    } else if (load.pace() instanceof Pace.Closed && next < size) {
      dispatch(next++, now, now);
    }
    completeIfEnded();
  }

  private void completeIfEnded() {
    if (ended == size) {
      complete();
    }
  }

  private void complete() {
    done.complete(new PhaseTally(left, ended, lag.getValueAtPercentile(99)));
  }
}
