package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.Deployment;
import dev.kvasir.simulator.engine.EngineEvents;
import dev.kvasir.simulator.engine.EngineState;
import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.Reuse;
import dev.kvasir.simulator.engine.Work;
import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs one engine in real time on one event loop: a step ends when the engine says so, and its
 * outputs leave at their intended times. The engine's time never waits for the machine: after a
 * delay, steps follow one another at their intended times until they have caught up.
 */
final class EngineLoop implements EngineEvents {
  /** How much is done before the event loop may do something else. */
  private static final int BATCH = 1_024;

  /** Who gets what the engine produces. */
  interface Receiver {
    void admitted(Reuse reuse, long atNanos);

    void tokens(int index, int tokens, long intendedNanos);
  }

  private record Output(Receiver receiver, int index, int tokens, long intendedNanos) {}

  private final Deployment engine;
  private final EventLoop loop;
  private final EpochClock clock;
  private final LongObjectHashMap<Receiver> receivers = new LongObjectHashMap<>();
  private final ArrayDeque<Output> outputs = new ArrayDeque<>();
  private final Profile.Faults faults;
  private boolean asked;
  private long timerAt = Deployment.IDLE;
  private @Nullable ScheduledFuture<?> timer;

  EngineLoop(Profile profile, EventLoop loop, EpochClock clock) {
    this.engine = new Deployment(profile, this);
    this.loop = loop;
    this.clock = clock;
    this.faults = profile.faults();
  }

  /** Hands a request to the engine and returns its id there. */
  long submit(Work work, Receiver receiver) {
    if (!asked) {
      asked = true;
      planPressure();
    }
    long id = engine.submit(work);
    receivers.put(id, receiver);
    scheduleNext();
    return id;
  }

  /** Makes the engine forget a request; outputs under way are still delivered. */
  void abort(long id) {
    if (receivers.remove(id) != null) {
      engine.abort(id);
    }
  }

  void resetPrefixCache() {
    engine.resetPrefixCache();
  }

  EngineState state() {
    return engine.state();
  }

  @Override
  public void admitted(long id, Reuse reuse, long atNanos) {
    Receiver receiver = receivers.get(id);
    if (receiver != null) {
      receiver.admitted(reuse, atNanos);
    }
  }

  @Override
  public void produced(long id, int index, int tokens, long intendedNanos) {
    Receiver receiver = receivers.get(id);
    if (receiver != null) {
      outputs.add(new Output(receiver, index, tokens, intendedNanos));
    }
  }

  @Override
  public void finished(long id, long intendedNanos) {
    receivers.remove(id);
  }

  private void planPressure() {
    if (faults.pressureShare() > 0) {
      pressAfter(faults.pressureFrom(), faults.pressureShare());
      pressAfter(faults.pressureUntil(), 0);
    }
  }

  private void pressAfter(long nanos, double share) {
    var _ = loop.schedule(() -> engine.press(share), nanos, TimeUnit.NANOSECONDS);
  }

  private void wake() {
    timer = null;
    timerAt = Deployment.IDLE;
    for (int done = 0; done < BATCH && nextNanos() <= clock.nanoTime(); done++) {
      if (!outputs.isEmpty() && outputs.element().intendedNanos() <= engine.nextNanos()) {
        Output output = outputs.remove();
        output.receiver().tokens(output.index(), output.tokens(), output.intendedNanos());
      } else {
        engine.advance();
      }
    }
    scheduleNext();
  }

  private long nextNanos() {
    long step = engine.nextNanos();
    return outputs.isEmpty() ? step : Math.min(step, outputs.element().intendedNanos());
  }

  private void scheduleNext() {
    long next = nextNanos();
    if (next >= timerAt) {
      return;
    }
    if (timer != null) {
      timer.cancel(false);
    }
    timerAt = next;
    timer = loop.schedule(this::wake, next - clock.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
