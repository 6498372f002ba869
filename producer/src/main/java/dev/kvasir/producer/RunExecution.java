package dev.kvasir.producer;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RunFinished;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.publish.PublishedCounts;
import dev.kvasir.producer.sampling.ServerSampler;
import dev.kvasir.producer.search.Tally;
import dev.kvasir.producer.verdict.ClientHealth;
import dev.kvasir.producer.verdict.Judgement;
import dev.kvasir.producer.verdict.RunRecord;
import dev.kvasir.producer.workload.PromptSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Executes one run. Owned by the thread that executes the plan. */
final class RunExecution {

  private final EventPublisher publisher;
  private final Clocks clocks;
  private final StopRequest stopping;
  private final Targets targets;
  private final RunAssignment run;
  private final RunIdentity identity;
  private final ServerSide server;
  private final RunRecord requests = new RunRecord();
  private final RunLoad load;
  private final UnsentRequests unsent;
  private final ClientWarmUp clientWarmUp;

  /** What the plan wants sampled and was not, one sentence each. */
  private List<String> unsampled = List.of();

  /** Makes the client fit to measure with. */
  interface ClientWarmUp {
    void run() throws InterruptedException;
  }

  /**
   * @param stopping whether the plan is to end
   * @param targets knows whether the servers take requests
   * @param clientWarmUp comes after the server's own warm-up
   */
  RunExecution(
      LoadClient client,
      EventPublisher publisher,
      Clocks clocks,
      StopRequest stopping,
      Targets targets,
      RunAssignment run,
      ClientWarmUp clientWarmUp) {
    this.publisher = publisher;
    this.clocks = clocks;
    this.stopping = stopping;
    this.targets = targets;
    this.run = run;
    this.identity = run.identity();
    this.server = run.server();
    this.clientWarmUp = clientWarmUp;
    RunFrame frame = run.frame();
    this.load =
        new RunLoad(
            client,
            publisher,
            clocks,
            () -> stopping.getAsBoolean() || !failure().isEmpty(),
            run,
            frame,
            requests);
    this.unsent = new UnsentRequests(frame, identity.anchor(), load::record);
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
    load.warmUp(prompts.warmUp());
    if (shared == null && !load.isOver()) {
      clientWarmUp.run();
    }
    if (run.heldBack() || shared != null) {
      flush();
    }
    if (run.heldBack()) {
      publisher.hold();
    }
    ServerSampler sampler = ServerSampler.start(serverSamples());
    SharedRun.Result others = shared == null ? null : load.measure(shared);
    ClientHealth health = others == null ? load.measure(course) : others.health();
    publisher.release();
    long missing = others == null ? 0 : unsent.endMissing(others, course, now());
    Observed observed = new Observed(sampler.stop(told()), requests, server.cache().resets());
    unsampled = sampler.missing();
    List<String> failure = failure();
    if (!failure.isEmpty() && requests.ended() == 0) {
      unsent.endAll(run.spec(), course, failure.getFirst(), now());
    }
    if (failure.isEmpty() && others == null) {
      failure = gone();
    }
    boolean flushed = flush();
    PublishedCounts counts =
        others == null ? publisher.counts(identity.number()) : others.counts(missing);
    Judgement judgement = judge(health, course, counts, failure, others);
    RunFinished finished = finished(judgement, counts, health, observed, flushed);
    publisher.publish(finished);
    flush();
    return finished;
  }

  /** Why the servers take no requests; empty while they do. */
  private List<String> failure() {
    return targets.failure(server.place());
  }

  /** Why they no longer do, when connections could not be made or broke; empty otherwise. */
  private List<String> gone() {
    long broken = requests.count(Outcome.CONNECTION_FAILED) + requests.count(Outcome.CLOSED_EARLY);
    return stopping.getAsBoolean() || broken == 0 ? List.of() : targets.gone(server.place());
  }

  private Judgement judge(
      ClientHealth health,
      Course course,
      PublishedCounts counts,
      List<String> failure,
      SharedRun.@Nullable Result others) {
    Judgement judgement =
        Judgement.of(
            requests,
            health,
            run.plan().thresholds(),
            course.scheduleNanos(),
            counts.lost(),
            stopping.getAsBoolean() || !failure.isEmpty(),
            server.cache().evidence());
    if (!stopping.reasons().isEmpty()) {
      judgement = judgement.incomplete(stopping.reasons());
    }
    String early = load.endedEarly();
    if (early != null) {
      judgement = judgement.endedEarly(early);
    }
    if (!failure.isEmpty()) {
      judgement = judgement.withFailedServer(failure);
    }
    judgement =
        judgement
            .remarking(server.shared())
            .remarking(server.cache().remarks())
            .remarking(failure.isEmpty() ? unsampled : List.of());
    if (others == null) {
      return judgement;
    }
    judgement = judgement.remarking(others.remarks());
    return others.failures().isEmpty() ? judgement : judgement.incomplete(others.failures());
  }

  /** How many of the measured requests attained their limits. */
  Tally tally() {
    return new Tally(requests.attained(), requests.ended());
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
        run.spec().strategy().probes(),
        server.requests(),
        server.credentials().secrets(),
        () -> identity.anchor().epochAt(now()),
        publisher::publish);
  }

  private boolean flush() throws InterruptedException {
    return new Acknowledgement(publisher::flush, stopping, clocks.ticker()).await();
  }

  private long now() {
    return clocks.ticker().nanos();
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
        .setAt(identity.anchor().epochAt(now()))
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
