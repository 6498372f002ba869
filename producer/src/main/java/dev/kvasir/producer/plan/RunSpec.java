package dev.kvasir.producer.plan;

import static java.util.Objects.requireNonNull;

import dev.kvasir.producer.arrival.Gaps;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.arrival.RateCurve;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.arrival.Timing;
import dev.kvasir.producer.workload.PromptSet;
import dev.kvasir.producer.workload.Source;
import dev.kvasir.producer.workload.Workload;
import dev.kvasir.producer.workload.WorkloadSpec;
import dev.kvasir.producer.workload.Workloads;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One run of a plan.
 *
 * @param experiment experiment that it belongs to
 * @param variant strategy that it measures, with the cell's parameters
 * @param load load point
 * @param play how the load point is played
 * @param repeat which repeat of its cell it is, from 1
 * @param seed equal for every strategy at one load point and repeat, different across repeats
 * @param prompts prompts that the workload gives, unless the load says how many there are
 * @param warmUpRequests requests before the measured ones that no metric counts
 */
public record RunSpec(
    String experiment,
    Variant variant,
    LoadPoint load,
    Play play,
    int repeat,
    long seed,
    int prompts,
    int warmUpRequests) {

  /** Strategy that it measures. */
  public Strategy strategy() {
    return variant.strategy();
  }

  /** Varied parameters of its cell. */
  public Map<String, String> parameters() {
    return variant.parameters();
  }

  /** Load point as text; equal across strategies. */
  public String loadPoint() {
    return load.text() + play.text();
  }

  /** Strategy, parameters and load point as text; unique in the experiment. */
  public String cell() {
    return variant.text() + " " + loadPoint();
  }

  /** What the run's readable id begins with, of the characters {@code a-z 0-9 . = _ -}. */
  public String idStem() {
    return "%s-%s-%s-r%d"
        .formatted(experiment, variant.text(), loadPoint(), repeat)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9.=_-]", "-");
  }

  /** Measured requests of all passes, as far as they are known. */
  public OptionalInt requests() {
    return switch (size()) {
      case RunSize.Exactly(long requests) -> OptionalInt.of(Math.toIntExact(requests));
      case RunSize.About(long requests) -> OptionalInt.of(Math.toIntExact(requests));
      case RunSize.AsManyAsFit _ -> OptionalInt.empty();
    };
  }

  /** How many measured requests it sends. */
  public RunSize size() {
    Duration length = play.length();
    return switch (load) {
      case LoadPoint.Open(Timing.Traced _, _) when length == null -> exactly(prompts);
      case LoadPoint.Open(Timing.Traced _, _) -> new RunSize.AsManyAsFit(requireNonNull(length));
      case LoadPoint.Open(Timing.Rated(_, RateCurve curve), _)
          when length == null && !(curve instanceof RateCurve.Steps) ->
          exactly(prompts);
      case LoadPoint.Open(Timing timing, _) ->
          ofArrivals(schedule(timing, chains()).map(Schedule::size).orElseThrow());
      case LoadPoint.Closed _ when length == null -> exactly(prompts);
      case LoadPoint.Closed _ -> new RunSize.AsManyAsFit(requireNonNull(length));
      case LoadPoint.Bursts bursts -> exactly(requests(bursts));
    };
  }

  private RunSize exactly(long once) {
    return new RunSize.Exactly(once * play.passes());
  }

  /** The requests of so many arrivals: of sessions, those of all turns. */
  private RunSize ofArrivals(int arrivals) {
    if (!(variant.workload().source() instanceof Source.Sessions sessions)) {
      return exactly(arrivals);
    }
    if (!sessions.turns().isFixed()) {
      return new RunSize.About(Math.round(arrivals * sessions.turns().mean()) * play.passes());
    }
    long plays = arrivals / chains();
    return exactly(plays * prompts + (long) arrivals % chains() * sessions.turns().min());
  }

  /** Arrivals that the prompts make: sessions, or single requests; of sessions perhaps about. */
  private int chains() {
    return variant.workload().source() instanceof Source.Sessions sessions
        ? (int) Math.ceil(prompts / sessions.turns().mean())
        : prompts;
  }

  private int requests(LoadPoint.Bursts bursts) {
    return bursts.rounds() == null ? prompts : Math.multiplyExact(bursts.size(), bursts.rounds());
  }

  /**
   * How long the load is issued, without answers that are waited for; empty where the server or a
   * trace decides.
   */
  public Optional<Duration> scheduledDuration() {
    boolean listed = load instanceof LoadPoint.Open(Timing.Listed _, _);
    if (play.length() != null && !listed) {
      return Optional.of(withPauses(play.length()));
    }
    if (!(load instanceof LoadPoint.Open open)
        || (open.timing() instanceof Timing.Rated rated && rated.isAllAtOnce())) {
      return Optional.empty();
    }
    return schedule(open.timing(), chains())
        .map(schedule -> withPauses(Duration.ofNanos(schedule.lastDueNanos())));
  }

  private Duration withPauses(Duration pass) {
    return pass.multipliedBy(play.passes()).plus(play.pause().multipliedBy(play.passes() - 1L));
  }

  /**
   * When the arrivals of an open loop are due; empty for a trace, whose prompts say so.
   *
   * @param chains arrivals, where their number decides
   */
  public Optional<Schedule> schedule(Timing timing, int chains) {
    long stream = Seeds.stream(seed, "arrivals");
    return switch (timing) {
      case Timing.Rated rated when play.length() != null ->
          Optional.of(Schedule.within(rated, play.length(), stream));
      case Timing.Rated rated ->
          Optional.of(
              Schedule.of(
                  rated,
                  rated.curve() instanceof RateCurve.Steps steps ? steps.requests() : chains,
                  stream));
      case Timing.Listed listed -> Optional.of(lasting(listed.schedule()));
      case Timing.Traced traced -> Optional.empty();
    };
  }

  /** Whether prompts are sent over and over again until a length of time has passed. */
  boolean isEndless() {
    return play.length() != null
        && play.passes() == 1
        && switch (load) {
          case LoadPoint.Open(Timing.Rated _, _) -> true;
          case LoadPoint.Open(Timing.Listed listed, _) -> isEndless(listed.schedule());
          case LoadPoint.Open(Timing.Traced _, _) -> false;
          case LoadPoint.Closed _ -> true;
          case LoadPoint.Bursts _ -> false;
        };
  }

  /** Whether times of others begin anew until a length of time has passed. */
  boolean isEndless(Schedule others) {
    Duration length = play.length();
    return length != null && play.passes() == 1 && lasting(others).size() > others.size();
  }

  /** Times of others: cut after a length of time, or begun anew until it has passed. */
  Schedule lasting(Schedule others) {
    return play.length() == null ? others : others.lasting(play.length());
  }

  /** The gaps that keep a closed loop's requests apart; null for none. */
  public @Nullable Gaps gaps(LoadPoint.Closed closed) {
    return closed.starts() == null
        ? null
        : Gaps.of(closed.starts(), Seeds.stream(seed, "arrivals"));
  }

  /** How long a user waits before each request, nanoseconds, by its index. */
  public IntToLongFunction pauses() {
    long stream = Seeds.stream(seed, "think-time");
    return index -> play.thinkTime().nanos(stream, index);
  }

  /** What the run sends. Its draws are independent of those of the schedule. */
  public PromptSet prompts(Workloads workloads) {
    return prompts(workloads.of(variant.workload()));
  }

  PromptSet prompts(Workload workload) {
    return workload.prompts(
        drawn(), warmUpRequests, Seeds.stream(seed, "prompts" + variant.workload().draws()));
  }

  /** Prompts that are drawn; what is sent beyond them is sent again. */
  private int drawn() {
    WorkloadSpec workload = variant.workload();
    if (play.length() != null
        || workload.source() instanceof Source.Sessions
        || !workload.kvPoints().isEmpty()) {
      return prompts;
    }
    return switch (load) {
      case LoadPoint.Open(Timing.Rated(_, RateCurve.Steps steps), _) -> steps.requests();
      case LoadPoint.Open(Timing.Listed listed, _) -> listed.schedule().size();
      case LoadPoint.Bursts bursts -> requests(bursts);
      case LoadPoint.Open _, LoadPoint.Closed _ -> prompts;
    };
  }
}
