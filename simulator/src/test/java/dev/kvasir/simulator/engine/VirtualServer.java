package dev.kvasir.simulator.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plays a schedule of requests on an engine, in virtual time, and keeps what happened. */
public final class VirtualServer implements EngineEvents {

  /** One request's fate; times are −1 until they are known. */
  public static final class Fate {
    public final Work work;
    public int cached = -1;
    Reuse reuse = new Reuse(List.of(), new int[0]);
    long admittedNanos = -1;
    long finishedNanos = -1;
    public final List<Long> tokenNanos = new ArrayList<>();

    Fate(Work work) {
      this.work = work;
    }

    public long ttft() {
      return tokenNanos.getFirst() - work.arrivedNanos();
    }

    @Override
    public String toString() {
      return "%d %d %d %s %d"
          .formatted(work.arrivedNanos(), admittedNanos, cached, tokenNanos, finishedNanos);
    }
  }

  /** Looks at the engine after each step. */
  interface Inspector {
    void look(Engine engine, long nowNanos);
  }

  final Engine engine;
  final Map<Long, Fate> fates = new HashMap<>();
  final List<Fate> inOrder = new ArrayList<>();
  long now;

  /** Time that requests spent in the engine, all together, by its own counts. */
  double inSystemNanos;

  VirtualServer(Profile profile) {
    engine = new Engine(profile, this);
  }

  public static List<Fate> play(Profile profile, List<Work> schedule) {
    VirtualServer server = new VirtualServer(profile);
    server.play(schedule, (_, _) -> {});
    return server.inOrder;
  }

  /** Submits each request once its time has come, and runs until all is done. */
  void play(List<Work> schedule, Inspector inspector) {
    int next = 0;
    while (true) {
      while (next < schedule.size() && schedule.get(next).arrivedNanos() <= now) {
        submit(schedule.get(next++));
      }
      long end = engine.begin(now);
      if (end == Engine.IDLE) {
        long ready = engine.nextReadyNanos();
        if (ready != Engine.IDLE
            && (next == schedule.size() || ready < schedule.get(next).arrivedNanos())) {
          now = Math.max(now + 1, ready);
          continue;
        }
        if (next == schedule.size()) {
          return;
        }
        now = schedule.get(next).arrivedNanos();
        continue;
      }
      EngineState state = engine.state();
      inSystemNanos += (double) (state.running() + state.waiting()) * (end - now);
      now = end;
      engine.complete();
      inspector.look(engine, now);
    }
  }

  long submit(Work work) {
    long id = engine.submit(work);
    Fate fate = new Fate(work);
    fates.put(id, fate);
    inOrder.add(fate);
    return id;
  }

  @Override
  public void admitted(long id, Reuse reuse, long atNanos) {
    Fate fate = fate(id);
    fate.cached = reuse.total();
    fate.reuse = reuse;
    fate.admittedNanos = atNanos;
  }

  @Override
  public void produced(long id, int index, int tokens, long intendedNanos) {
    Fate fate = fate(id);
    if (index != fate.tokenNanos.size()) {
      throw new AssertionError("token %d came after %d".formatted(index, fate.tokenNanos.size()));
    }
    for (int i = 0; i < tokens; i++) {
      fate.tokenNanos.add(intendedNanos);
    }
  }

  @Override
  public void finished(long id, long intendedNanos) {
    fate(id).finishedNanos = intendedNanos;
  }

  private Fate fate(long id) {
    Fate fate = fates.get(id);
    if (fate == null) {
      throw new AssertionError("the engine told of a request that was never submitted: " + id);
    }
    return fate;
  }
}
