package dev.kvasir.producer;

import static java.util.Objects.requireNonNull;

import dev.kvasir.event.Phase;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunFinished;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.Pace;
import dev.kvasir.producer.client.Pauses;
import dev.kvasir.producer.client.PhaseLoad;
import dev.kvasir.producer.exchange.Dialect;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.exchange.Exchange;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.exchange.Ticket;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.publish.PublishedCounts;
import dev.kvasir.producer.sampling.RunSampler;
import dev.kvasir.producer.sampling.SamplerSettings;
import dev.kvasir.producer.sampling.ServerSampler;
import dev.kvasir.producer.search.Tally;
import dev.kvasir.producer.verdict.ClientHealth;
import dev.kvasir.producer.verdict.EarlyEnd;
import dev.kvasir.producer.verdict.Judgement;
import dev.kvasir.producer.verdict.RunRecord;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.producer.workload.PromptSet;
import dev.kvasir.time.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Executes one run. Owned by the thread that executes the plan. */
final class RunExecution {

  /** Time between the start of the measured phase and its schedule's zero. */
  private static final Duration LEAD = Duration.ofMillis(20);

  private static final Duration STOP_NOTICED_WITHIN = Duration.ofMillis(100);
  private static final int WARM_UP_CONCURRENCY = 8;

  private final LoadClient client;
  private final EventPublisher publisher;
  private final Clocks clocks;
  private final BooleanSupplier stopping;
  private final Supplier<List<String>> serverFailure;
  private final Plan plan;
  private final RunSpec spec;
  private final RunIdentity identity;
  private final ServerSide server;
  private final boolean heldBack;
  private final RunFrame frame;
  private final RunRecord requests = new RunRecord();
  private final EarlyEnd earlyEnd;
  private final ClientWarmUp clientWarmUp;

  private long measuredSince;

  /** Why the run was ended before its load was; null while it was not. */
  private volatile @Nullable String endedEarly;

  /** Makes the client fit to measure with. */
  interface ClientWarmUp {
    void run() throws InterruptedException;
  }

  /**
   * @param stopping whether the plan is to end
   * @param serverFailure why the servers take no requests; empty while they do
   * @param heldBack whether no event is sent to Kafka while the run is measured
   * @param clientWarmUp comes after the server's own warm-up
   */
  RunExecution(
      LoadClient client,
      EventPublisher publisher,
      Clocks clocks,
      BooleanSupplier stopping,
      Supplier<List<String>> serverFailure,
      Plan plan,
      RunSpec spec,
      RunIdentity identity,
      ServerSide server,
      boolean heldBack,
      ClientWarmUp clientWarmUp) {
    this.client = client;
    this.publisher = publisher;
    this.clocks = clocks;
    this.stopping = stopping;
    this.serverFailure = serverFailure;
    this.plan = plan;
    this.spec = spec;
    this.identity = identity;
    this.server = server;
    this.heldBack = heldBack;
    this.clientWarmUp = clientWarmUp;
    this.earlyEnd = new EarlyEnd(plan.stop(), RunDescription.nanos(plan.objective().ttft()));
    this.frame =
        new RunFrame(
            identity.number(),
            identity.anchor(),
            Dialect.of(spec.strategy().protocol()),
            RunDescription.nanos(plan.objective().ttft()),
            RunDescription.nanos(plan.objective().tpot()),
            plan.timeout().toNanos(),
            plan.recordText(),
            server.credentials().secrets());
  }

  /** Warms up, measures and judges; returns when Kafka has acknowledged the run's events. */
  RunFinished execute(PromptSet prompts, Course course) throws InterruptedException {
    return execute(prompts, course, null);
  }

  /**
   * The same.
   *
   * @param shared has other generators send the measured requests; null for this one
   */
  RunFinished execute(PromptSet prompts, Course course, @Nullable SharedRun shared)
      throws InterruptedException {
    warmUp(prompts.warmUp());
    if (shared == null && !isOver()) {
      clientWarmUp.run();
    }
    if (heldBack) {
      flush();
      publisher.hold();
    }
    ServerSampler sampler = ServerSampler.start(serverSamples());
    SharedRun.Result others = shared == null ? null : measure(shared);
    ClientHealth health = others == null ? measure(course) : others.health();
    publisher.release();
    long missing = others == null ? 0 : endMissing(others, course);
    Observed observed = new Observed(sampler.stop(told()), requests, server.cache().resets());
    List<String> failure = serverFailure.get();
    if (!failure.isEmpty() && requests.ended() == 0) {
      neverSent(course.prompts(), failure.getFirst());
    }
    boolean flushed = flush();
    PublishedCounts counts =
        others == null ? publisher.counts(identity.number()) : others.counts(missing);
    Judgement judgement =
        Judgement.of(
            requests,
            health,
            plan.thresholds(),
            course.scheduleNanos(),
            counts.lost(),
            stopping.getAsBoolean() || !failure.isEmpty(),
            server.cache().evidence());
    String early = endedEarly;
    if (early != null) {
      judgement = judgement.endedEarly(early);
    }
    if (!failure.isEmpty()) {
      judgement = judgement.withFailedServer(failure);
    }
    judgement = judgement.remarking(server.shared());
    if (others != null) {
      judgement = judgement.remarking(others.remarks());
      if (!others.failures().isEmpty()) {
        judgement = judgement.incomplete(others.failures());
      }
    }
    RunFinished finished = finished(judgement, counts, health, observed, flushed);
    publisher.publish(finished);
    flush();
    return finished;
  }

  private SharedRun.Result measure(SharedRun shared) throws InterruptedException {
    flush();
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
    return others;
  }

  private boolean isOverOrTooLong() {
    Duration limit = plan.stop().duration();
    if (limit != null && clocks.ticker().nanos() - measuredSince > limit.toNanos()) {
      endedEarly = EarlyEnd.tooLong(plan.stop());
    }
    return isOver();
  }

  /** Ends what no generator has ended, as lost or not sent; how many these are. */
  private long endMissing(SharedRun.Result others, Course course) {
    Set<Integer> ended = others.log().ended();
    Set<Integer> inFlight = others.log().inFlight();
    Schedule schedule = requireNonNull(course.schedule());
    boolean timed = schedule.size() == course.prompts().size();
    long now = clocks.ticker().nanos();
    long zero = identity.anchor().monotonicAt(others.zeroAt());
    RunFrame above = frame.underEpoch(others.epoch());
    long missing = 0;
    for (int ordinal = 0; ordinal < course.prompts().size(); ordinal++) {
      if (inFlight.contains(ordinal)) {
        record(others.log().lost(ordinal, above, identity.anchor().epochAt(now)));
        missing++;
      } else if (!ended.contains(ordinal)) {
        long due = timed ? zero + schedule.dueNanos(ordinal) : now;
        Ticket ticket =
            new Ticket(above, ordinal, Phase.MEASURE, 1, due, course.prompts().get(ordinal));
        Exchange.due(ticket, this::record).unsent(now, "no generator has sent it to its end");
        missing++;
      }
    }
    return missing;
  }

  /** How many of the measured requests attained their limits. */
  Tally tally() {
    return new Tally(requests.attained(), requests.ended());
  }

  private void warmUp(List<Prompt> prompts) throws InterruptedException {
    if (prompts.isEmpty() || isOver()) {
      return;
    }
    began(Phase.WARM_UP, 1, clocks.ticker().nanos());
    drive(Phase.WARM_UP, 1, prompts, new Pace.Closed(warmUpConcurrency()));
  }

  /** Ends every request of a run whose servers cannot take one, as due now and not sent. */
  private void neverSent(List<Prompt> prompts, String reason) {
    long now = clocks.ticker().nanos();
    int ordinal = 0;
    for (int pass = 1; pass <= spec.play().passes(); pass++) {
      for (Prompt prompt : prompts) {
        Ticket ticket = new Ticket(frame, ordinal++, Phase.MEASURE, pass, now, prompt);
        Exchange.due(ticket, this::record).unsent(now, reason);
      }
    }
  }

  private void record(SpecificRecord event) {
    if (event instanceof RequestFinished finished) {
      requests.add(finished);
    }
    publisher.publish(event);
  }

  private int warmUpConcurrency() {
    return switch (spec.load()) {
      case LoadPoint.Open open -> WARM_UP_CONCURRENCY;
      case LoadPoint.Closed closed -> closed.concurrency();
      case LoadPoint.Bursts bursts -> Math.min(WARM_UP_CONCURRENCY, bursts.size());
    };
  }

  private ClientHealth measure(Course course) throws InterruptedException {
    RunSampler sampler = RunSampler.start(samplerSettings());
    Play play = spec.play();
    measuredSince = clocks.ticker().nanos();
    for (int pass = 1; pass <= play.passes() && !isOver(); pass++) {
      if (pass > 1) {
        pause(play.pause());
      }
      long zero = clocks.ticker().nanos() + LEAD.toNanos();
      began(Phase.MEASURE, pass, zero);
      drive(Phase.MEASURE, pass, course.prompts(), pace(course, zero));
    }
    return sampler.stop();
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
    Pauses pauses = new Pauses(play.thinkTime().toNanos(), course.pauseNanos());
    return switch (spec.load()) {
      case LoadPoint.Open open ->
          new Pace.Open(requireNonNull(course.schedule()), zero, open.maxInFlight(), pauses);
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
        clocks.wall());
  }

  /** Cached prompt tokens by tier; llama.cpp has only the one of its own. */
  private Map<String, Long> told() {
    Map<String, Long> byTier = requests.cachedByTier();
    return byTier.isEmpty() && requests.tellsCached() && server.identity().hasOneTier()
        ? Map.of("HBM", requests.cachedTokens())
        : byTier;
  }

  private ServerSampler.Settings serverSamples() {
    return new ServerSampler.Settings(
        identity.number(),
        spec.strategy().probes(),
        server.requests(),
        server.credentials().secrets(),
        () -> identity.anchor().epochAt(clocks.ticker().nanos()),
        publisher::publish);
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
    try {
      Duration limit = phase == Phase.MEASURE ? plan.stop().duration() : null;
      if (limit == null) {
        done.get();
        return;
      }
      long left = measuredSince + limit.toNanos() - clocks.ticker().nanos();
      done.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException tooLong) {
      endEarly(EarlyEnd.tooLong(plan.stop()));
      await(Phase.WARM_UP, done);
    } catch (ExecutionException e) {
      throw new IllegalStateException("run " + identity.id() + " failed", e.getCause());
    }
  }

  /** Ends the load under way; from any thread. */
  private void endEarly(String reason) {
    endedEarly = reason;
    client.stop();
  }

  /** Whether nothing more is to be sent. */
  private boolean isOver() {
    return stopping.getAsBoolean() || endedEarly != null || !serverFailure.get().isEmpty();
  }

  private Question question(Prompt prompt) {
    Strategy strategy = spec.strategy();
    return new Question(
        strategy.model(),
        server.salted(prompt),
        spec.variant().workload().ignoreEos(),
        server.identity().countsAlong(),
        strategy.body());
  }

  private boolean flush() throws InterruptedException {
    return new Acknowledgement(publisher::flush, stopping, clocks.ticker()).await();
  }

  private RunFinished finished(
      Judgement judgement,
      PublishedCounts counts,
      ClientHealth health,
      Observed observed,
      boolean flushed) {
    Map<String, Long> outcomes = new TreeMap<>();
    requests.outcomes().forEach((outcome, count) -> outcomes.put(outcome.name(), count));
    List<String> reasons = new ArrayList<>(judgement.reasons());
    if (!flushed) {
      reasons.add("Kafka had not acknowledged every event when the run was stopped");
    }
    return RunFinished.newBuilder()
        .setRun(identity.number())
        .setAt(identity.anchor().epochAt(clocks.ticker().nanos()))
        .setVerdict(judgement.verdict())
        .setReasons(reasons)
        .setOutcomes(outcomes)
        .setRequestsSent(counts.requestsSent())
        .setRequestsFinished(counts.requestsFinished())
        .setTokensReceived(counts.tokensReceived())
        .setEventsLost(counts.lost())
        .setFirstSentAt(requests.firstSentAt())
        .setLastEndAt(requests.lastEndAt())
        .setWallStepNanos(health.wallStepNanos())
        .setObserved(observed.labels(server.credentials().secrets()))
        .build();
  }
}
