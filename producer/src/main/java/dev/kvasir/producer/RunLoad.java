package dev.kvasir.producer;

import static java.util.Objects.requireNonNull;

import dev.kvasir.event.Phase;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.Pace;
import dev.kvasir.producer.client.Pauses;
import dev.kvasir.producer.client.PhaseLoad;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.sampling.RunSampler;
import dev.kvasir.producer.sampling.SamplerSettings;
import dev.kvasir.producer.verdict.ClientHealth;
import dev.kvasir.producer.verdict.EarlyEnd;
import dev.kvasir.producer.verdict.RunRecord;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.Pause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the load of one run and records its events, until the load or a stop rule ends it. Owned by
 * the thread that executes the plan.
 */
final class RunLoad {

  private static final Logger LOG = LoggerFactory.getLogger(RunLoad.class);

  /** Time between the start of the measured phase and its schedule's zero. */
  private static final Duration LEAD = Duration.ofMillis(20);

  private static final Duration STOP_NOTICED_WITHIN = Duration.ofMillis(100);
  private static final Duration CONNECTED_WITHIN = Duration.ofSeconds(5);
  private static final int WARM_UP_CONCURRENCY = 8;

  private final LoadClient client;
  private final EventPublisher publisher;
  private final Clocks clocks;
  private final BooleanSupplier stopped;
  private final Plan plan;
  private final RunSpec spec;
  private final RunIdentity identity;
  private final ServerSide server;
  private final Map<String, Long> processes;
  private final RunFrame frame;
  private final RunRecord requests;
  private final EarlyEnd earlyEnd;

  private long measuredSince;

  /** When the last arrival may come of a load that lasts so long. */
  private long arrivalsEnd = Long.MAX_VALUE;

  private CoolDown coolDown;

  /** Why the run was ended before its load was; null while it was not. */
  private volatile @Nullable String endedEarly;

  /**
   * @param stopped whether nothing more may be sent, whatever the plan's rules say
   * @param requests takes how the requests end
   */
  RunLoad(
      LoadClient client,
      EventPublisher publisher,
      Clocks clocks,
      BooleanSupplier stopped,
      RunAssignment run,
      RunFrame frame,
      RunRecord requests) {
    this.client = client;
    this.publisher = publisher;
    this.clocks = clocks;
    this.stopped = stopped;
    this.plan = run.plan();
    this.spec = run.spec();
    this.identity = run.identity();
    this.server = run.server();
    this.processes = run.settings().processes();
    this.frame = frame;
    this.requests = requests;
    this.earlyEnd = new EarlyEnd(plan.stop(), RunDescription.nanos(plan.objective().ttft()));
    this.coolDown = coolDown(null);
  }

  /** Sends requests that count in no metric. */
  void warmUp(List<Prompt> prompts) throws InterruptedException {
    if (prompts.isEmpty() || isOver()) {
      return;
    }
    began(Phase.WARM_UP, 1, clocks.ticker().nanos());
    drive(Phase.WARM_UP, 1, prompts, new Pace.Closed(warmUpConcurrency()));
  }

  /** Sends the measured requests, pass after pass. */
  ClientHealth measure(Course course) throws InterruptedException {
    RunSampler sampler = RunSampler.start(samplerSettings());
    Play play = spec.play();
    coolDown = coolDown(course.requests());
    measuredSince = clocks.ticker().nanos();
    for (int pass = 1; pass <= play.passes() && !isOver(); pass++) {
      if (pass > 1) {
        pause(play.pause());
      }
      connect(course);
      long zero = clocks.ticker().nanos() + LEAD.toNanos();
      began(Phase.MEASURE, pass, zero);
      if (course.endless() && play.length() != null) {
        arrivalsEnd = zero + play.length().toNanos();
      }
      drive(Phase.MEASURE, pass, course.prompts(), pace(course, zero));
    }
    loadEnded();
    return sampler.stop();
  }

  private CoolDown coolDown(@Nullable Integer requestsOfAPass) {
    int passes = spec.play().passes();
    long requests = requestsOfAPass == null ? Long.MAX_VALUE : (long) requestsOfAPass * passes;
    return new CoolDown(identity.number(), passes, requests, publisher::publish);
  }

  /** Marks the end of a load that was ended before it was complete. */
  private void loadEnded() {
    Long lastSentAt = requests.lastSentAt();
    if (lastSentAt != null) {
      coolDown.begin(lastSentAt);
    }
  }

  /** Has other generators send the measured requests. */
  SharedRun.Result measure(SharedRun shared) throws InterruptedException {
    measuredSince = Long.MAX_VALUE;
    SharedRun.Result others =
        shared.measure(
            identity,
            clocks,
            zero -> {
              measuredSince = identity.anchor().monotonicAt(zero);
              publisher.publish(new PhaseStarted(identity.number(), zero, Phase.MEASURE, 1));
            },
            this::isOverOrTooLong);
    others.log().ends().forEach(requests::add);
    loadEnded();
    return others;
  }

  /** Takes and publishes an event of the run. */
  void record(SpecificRecord event) {
    if (event instanceof RequestFinished finished) {
      requests.add(finished);
    }
    publisher.publish(event);
  }

  /** Whether nothing more is to be sent. */
  boolean isOver() {
    return endedEarly != null || stopped.getAsBoolean();
  }

  /** Which of the plan's rules ended the run; null when none did. */
  @Nullable String endedEarly() {
    return endedEarly;
  }

  private boolean isOverOrTooLong() {
    Duration limit = plan.stop().duration();
    if (limit != null && clocks.ticker().nanos() - measuredSince > limit.toNanos()) {
      endedEarly = EarlyEnd.tooLong(plan.stop());
    }
    return isOver();
  }

  private int warmUpConcurrency() {
    return switch (spec.load()) {
      case LoadPoint.Open open -> WARM_UP_CONCURRENCY;
      case LoadPoint.Closed closed -> closed.concurrency();
      case LoadPoint.Bursts bursts -> Math.min(WARM_UP_CONCURRENCY, bursts.size());
    };
  }

  /** Opens the connections of the requests that are due at once when a pass begins. */
  private void connect(Course course) throws InterruptedException {
    try {
      client
          .connect(server.endpoint(), course.firstAtOnce(spec.load()))
          .get(CONNECTED_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.info("connections are opened as requests come run={}", identity.number(), e);
    }
  }

  /** Waits between two passes; a stop ends the wait. */
  private void pause(Duration length) throws InterruptedException {
    long end = clocks.ticker().nanos() + length.toNanos();
    for (long left = length.toNanos();
        left > 0 && !isOver();
        left = end - clocks.ticker().nanos()) {
      Pause.of(Duration.ofNanos(Math.min(left, STOP_NOTICED_WITHIN.toNanos())));
    }
  }

  private Pace pace(Course course, long zero) {
    Play play = spec.play();
    Pauses pauses = spec.pauses()::applyAsLong;
    return switch (spec.load()) {
      case LoadPoint.Open open ->
          new Pace.Open(
              requireNonNull(course.schedule()),
              zero,
              open.maxInFlight(),
              pauses,
              course.endless());
      case LoadPoint.Closed closed ->
          new Pace.Closed(
              closed.concurrency(), pauses, spec.gaps(closed), RunDescription.nanos(play.length()));
      case LoadPoint.Bursts bursts -> new Pace.Bursts(bursts.size(), pauses);
    };
  }

  private SamplerSettings samplerSettings() {
    return new SamplerSettings(
        identity.number(),
        server.endpoint().origin(),
        client.health(),
        publisher,
        identity.anchor(),
        clocks.ticker(),
        clocks.wall(),
        processes);
  }

  private void began(Phase phase, int pass, long nanos) {
    publisher.publish(
        new PhaseStarted(identity.number(), identity.anchor().epochAt(nanos), phase, pass));
  }

  private void drive(Phase phase, int pass, List<Prompt> prompts, Pace pace)
      throws InterruptedException {
    EventSink events =
        event -> {
          record(event);
          coolDown.add(event);
          if (endedEarly == null) {
            earlyEnd.add(event).ifPresent(this::endEarly);
          }
        };
    CompletableFuture<?> done =
        client.drive(
            new PhaseLoad(
                frame,
                identity.id(),
                phase,
                pass,
                server.endpoint(),
                server.credentials().headers(),
                prompts,
                this::question,
                pace,
                events));
    if (isOver()) {
      client.stop();
    }
    await(phase, done);
  }

  private void await(Phase phase, CompletableFuture<?> done) throws InterruptedException {
    Duration limit = phase == Phase.MEASURE ? plan.stop().duration() : null;
    long end = limit == null ? Long.MAX_VALUE : measuredSince + limit.toNanos();
    if (phase == Phase.MEASURE && arrivalsEnd < end && !endsBy(arrivalsEnd, done)) {
      coolDown.begin(identity.anchor().epochAt(arrivalsEnd));
    }
    if (!endsBy(end, done)) {
      endEarly(EarlyEnd.tooLong(plan.stop()));
      endsBy(Long.MAX_VALUE, done);
    }
  }

  /** Waits until what is driven has ended; false if it has not by a time. */
  private boolean endsBy(long nanos, CompletableFuture<?> done) throws InterruptedException {
    try {
      if (nanos == Long.MAX_VALUE) {
        done.get();
      } else {
        done.get(Math.max(0, nanos - clocks.ticker().nanos()), TimeUnit.NANOSECONDS);
      }
      return true;
    } catch (TimeoutException tooLong) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("run " + identity.id() + " failed", e.getCause());
    }
  }

  /** Ends the load under way; from any thread. */
  private void endEarly(String reason) {
    endedEarly = reason;
    client.stop();
  }

  private Question question(Prompt prompt, int ordinal) {
    Strategy strategy = spec.strategy();
    return new Question(
        strategy.model(),
        server.salt().before(prompt, ordinal),
        spec.variant().workload().ignoreEos(),
        server.identity().countsAlong(),
        strategy.body());
  }
}
