package dev.kvasir.simulator.engine;

import dev.kvasir.simulator.engine.Profile.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engines of one profile, driven from event to event: its caller waits, or jumps, until {@link
 * #nextNanos} and calls {@link #advance}. A request goes to the engine that has the fewest. With a
 * split it is prefilled by one engine and decoded by another, its KV crossing the link between
 * them. The same calls with the same times always tell the same events. One thread at a time may
 * use it.
 */
public final class Deployment {
  /** What {@link #nextNanos} answers when nothing will happen by itself. */
  public static final long IDLE = Engine.IDLE;

  /** An engine and when it does something next. */
  private static final class Station {
    final Engine engine;
    boolean stepping;
    long dueNanos = IDLE;

    Station(Engine engine) {
      this.engine = engine;
    }

    void begin(long nowNanos) {
      long end = engine.begin(nowNanos);
      stepping = end != IDLE;
      dueNanos = stepping ? end : Math.max(nowNanos + 1, engine.nextReadyNanos());
    }

    void advance() {
      if (stepping) {
        engine.complete();
      }
      begin(dueNanos);
    }
  }

  /** A request of a split, between its submission and its last token. */
  private static final class Journey {
    final Work work;
    double admittedNanos;

    Journey(Work work) {
      this.work = work;
    }
  }

  private final Profile profile;
  private final EngineEvents events;
  private final List<Station> entries = new ArrayList<>();
  private final List<Station> decoders = new ArrayList<>();
  private final List<Station> all = new ArrayList<>();
  private final Map<Long, Journey> journeys = new HashMap<>();
  private final Link link = new Link();
  private final Link input = new Link();
  private long nextId;

  public Deployment(Profile profile, EngineEvents events) {
    this.profile = profile;
    this.events = events;
    FrontEnd frontEnd = new FrontEnd(profile.output().perToken());
    Split split = profile.layout().split();
    int first = split == null ? profile.layout().replicas() : split.prefill();
    EngineEvents heard = split == null ? events : new Prefilled(split);
    for (int i = 0; i < first; i++) {
      entries.add(new Station(new Engine(profile, heard, frontEnd)));
    }
    for (int i = 0; split != null && i < split.decode(); i++) {
      decoders.add(new Station(new Engine(profile, new Decoded(split), frontEnd)));
    }
    all.addAll(entries);
    all.addAll(decoders);
  }

  /**
   * Queues a request and returns its id.
   *
   * @throws IllegalArgumentException if prompt and output are longer than the model's context
   */
  public long submit(Work work) {
    long id = nextId++;
    Split split = profile.layout().split();
    long read = readNanos(work);
    if (split == null) {
      Work whole = new Work(read, work.prompt(), work.outputTokens(), work.output());
      submitTo(leastBusy(entries), id, whole, null, read);
      return id;
    }
    Work prefill = new Work(read, work.prompt(), 1, work.output());
    submitTo(leastBusy(entries), id, prefill, null, read);
    journeys.put(id, new Journey(work));
    return id;
  }

  /** Forgets a request and frees its blocks; false if it is not here (any more). */
  public boolean abort(long id) {
    journeys.remove(id);
    for (Station station : all) {
      if (station.engine.abort(id)) {
        return true;
      }
    }
    return false;
  }

  /** When something happens next, or {@link #IDLE}. */
  public long nextNanos() {
    return next().dueNanos;
  }

  /** Does what is due at {@link #nextNanos}. */
  public void advance() {
    next().advance();
  }

  /** Makes no KV findable by its prefix, wherever it lies; what runs is not disturbed. */
  public void resetPrefixCache() {
    all.forEach(station -> station.engine.resetPrefixCache());
  }

  /** Takes a share of every engine's blocks, 0 to 1, away; one whole request always fits. */
  public void press(double share) {
    all.forEach(station -> station.engine.press(share));
  }

  public EngineState state() {
    EngineState state = all.getFirst().engine.state();
    for (Station station : all.subList(1, all.size())) {
      state = state.plus(station.engine.state());
    }
    return state;
  }

  /** When the front end, which reads one request after the other, is through with it. */
  private long readNanos(Work work) {
    double perRequest = profile.output().perRequest();
    return perRequest == 0
        ? work.arrivedNanos()
        : (long) input.occupy((double) work.arrivedNanos(), perRequest);
  }

  private static void submitTo(
      Station station, long id, Work work, @Nullable DoubleUnaryOperator handover, long nowNanos) {
    station.engine.submit(id, work, handover);
    if (!station.stepping) {
      station.dueNanos = Math.min(station.dueNanos, nowNanos);
    }
  }

  private static Station leastBusy(List<Station> stations) {
    Station best = stations.getFirst();
    for (Station station : stations) {
      if (station.engine.size() < best.engine.size()) {
        best = station;
      }
    }
    return best;
  }

  private Station next() {
    Station first = all.getFirst();
    for (Station station : all) {
      if (station.dueNanos < first.dueNanos) {
        first = station;
      }
    }
    return first;
  }

  /** Hears the engines that prefill, and hands over what they have done. */
  private final class Prefilled implements EngineEvents {
    private final Split split;

    Prefilled(Split split) {
      this.split = split;
    }

    @Override
    public void admitted(long id, Reuse reuse, long atNanos) {
      Journey journey = journeys.get(id);
      if (journey != null) {
        journey.admittedNanos = atNanos;
        events.admitted(id, reuse, atNanos);
      }
    }

    @Override
    public void produced(long id, int index, int tokens, long intendedNanos) {
      Journey journey = journeys.get(id);
      if (journey == null) {
        return;
      }
      Work work = journey.work;
      if (split.prefillAnswersFirst()) {
        events.produced(id, 0, 1, intendedNanos);
        if (work.outputTokens() == 1) {
          journeys.remove(id);
          events.finished(id, intendedNanos);
          return;
        }
      }
      int left = work.outputTokens() - (split.prefillAnswersFirst() ? 1 : 0);
      Work decode = new Work(intendedNanos, work.prompt(), left, work.output());
      submitTo(leastBusy(decoders), id, decode, handover(journey, intendedNanos), intendedNanos);
    }

    @Override
    public void finished(long id, long intendedNanos) {
      // The engine that prefills is done with it; the request is not.
    }

    private DoubleUnaryOperator handover(Journey journey, long prefilledNanos) {
      double perToken = profile.tiers().bytesPerToken() / split.bandwidth();
      int tokens = journey.work.prompt().length();
      if (split.pushTokens() == 0) {
        return now -> link.occupy(now, split.latency() + tokens * perToken);
      }
      int chunks = Math.ceilDiv(tokens, split.pushTokens());
      double last = Math.min(tokens, split.pushTokens()) * perToken + split.latency();
      double sent =
          link.occupy(journey.admittedNanos, chunks * split.latency() + tokens * perToken);
      double ready = Math.max(sent, prefilledNanos + last);
      return now -> Math.max(now, ready);
    }
  }

  /** Hears the engines that decode. */
  private final class Decoded implements EngineEvents {
    private final int first;

    Decoded(Split split) {
      this.first = split.prefillAnswersFirst() ? 1 : 0;
    }

    @Override
    public void admitted(long id, Reuse reuse, long atNanos) {
      // It was admitted when its prefill began.
    }

    @Override
    public void produced(long id, int index, int tokens, long intendedNanos) {
      if (journeys.containsKey(id)) {
        events.produced(id, index + first, tokens, intendedNanos);
      }
    }

    @Override
    public void finished(long id, long intendedNanos) {
      if (journeys.remove(id) != null) {
        events.finished(id, intendedNanos);
      }
    }
  }
}
