package dev.kvasir.simulator.replay;

import dev.kvasir.simulator.engine.Deployment;
import dev.kvasir.simulator.engine.EngineEvents;
import dev.kvasir.simulator.engine.EngineState;
import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.Reuse;
import dev.kvasir.simulator.engine.Work;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * One deployment and its clock, which jumps from event to event. Several schedules can be played
 * one after the other; what was cached stays cached. One thread at a time may use it.
 */
public final class VirtualRun {
  private final Profile profile;
  private final Deployment deployment;
  private final Map<Long, Fate> open = new HashMap<>();
  private final PriorityQueue<Long> departures = new PriorityQueue<>(Comparator.naturalOrder());
  private long nowNanos;
  private double pressure;
  private double inSystemNanos;

  public VirtualRun(Profile profile) {
    this.profile = profile;
    this.deployment = new Deployment(profile, new Listener());
  }

  /** Plays requests that come at their times, in order, until all are done. */
  public List<Fate> open(List<Work> schedule) {
    List<Fate> fates = new ArrayList<>(schedule.size());
    int next = 0;
    while (next < schedule.size() || !open.isEmpty()) {
      long arrival = next < schedule.size() ? schedule.get(next).arrivedNanos() : Long.MAX_VALUE;
      if (arrival <= deployment.nextNanos()) {
        passTo(arrival);
        fates.add(submit(next, schedule.get(next)));
        next++;
      } else {
        step();
      }
    }
    return fates;
  }

  /** Plays requests of which a new one is sent whenever fewer than so many are under way. */
  public List<Fate> closed(List<Work> schedule, int concurrency) {
    List<Fate> fates = new ArrayList<>(schedule.size());
    ArrayDeque<Work> rest = new ArrayDeque<>(schedule);
    int underWay = 0;
    departures.clear();
    while (!rest.isEmpty() || !open.isEmpty()) {
      long left = departures.isEmpty() ? Long.MAX_VALUE : departures.element();
      if (underWay < concurrency && !rest.isEmpty()) {
        fates.add(submit(fates.size(), at(nowNanos, rest.remove())));
        underWay++;
      } else if (left <= deployment.nextNanos()) {
        passTo(departures.remove());
        underWay--;
      } else {
        step();
      }
    }
    while (!departures.isEmpty()) {
      passTo(departures.remove());
    }
    return fates;
  }

  /** Lets time pass in which nobody asks for anything. */
  public void pause(long nanos) {
    passTo(nowNanos + nanos);
  }

  public long nowNanos() {
    return nowNanos;
  }

  public EngineState state() {
    return deployment.state();
  }

  /** Time that requests spent in the deployment, all together, by its own counts. */
  public double inSystemNanos() {
    return inSystemNanos;
  }

  /** The same schedule from now on. */
  public List<Work> shifted(List<Work> schedule) {
    return nowNanos == 0
        ? schedule
        : schedule.stream().map(work -> at(nowNanos + work.arrivedNanos(), work)).toList();
  }

  private static Work at(long nanos, Work work) {
    return new Work(nanos, work.prompt(), work.outputTokens(), work.output());
  }

  private Fate submit(int ordinal, Work work) {
    Fate fate = new Fate(ordinal, work);
    open.put(deployment.submit(work), fate);
    return fate;
  }

  private void step() {
    long next = deployment.nextNanos();
    if (next == Deployment.IDLE) {
      throw new IllegalStateException(
          "%d requests are open and nothing will happen; expected every request to end"
              .formatted(open.size()));
    }
    passTo(next);
    deployment.advance();
  }

  private void passTo(long nanos) {
    inSystemNanos += (double) open.size() * Math.max(0, nanos - nowNanos);
    nowNanos = Math.max(nowNanos, nanos);
    Profile.Faults faults = profile.faults();
    boolean pressed = nowNanos >= faults.pressureFrom() && nowNanos < faults.pressureUntil();
    double wanted = pressed ? faults.pressureShare() : 0;
    if (wanted != pressure) {
      pressure = wanted;
      deployment.press(wanted);
    }
  }

  private final class Listener implements EngineEvents {
    @Override
    public void admitted(long id, Reuse reuse, long atNanos) {
      Fate fate = open.get(id);
      if (fate != null) {
        fate.admitted(reuse, atNanos);
      }
    }

    @Override
    public void produced(long id, int index, int tokens, long intendedNanos) {
      Fate fate = open.get(id);
      if (fate != null) {
        fate.produced(intendedNanos);
      }
    }

    @Override
    public void finished(long id, long intendedNanos) {
      open.remove(id);
      departures.add(intendedNanos);
    }
  }
}
