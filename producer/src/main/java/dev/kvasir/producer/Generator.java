package dev.kvasir.producer;

import static java.util.Objects.requireNonNull;

import dev.kvasir.event.Host;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.ShardOffered;
import dev.kvasir.producer.cache.OverlapLedger;
import dev.kvasir.producer.cache.Salts;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.SelfWarmUp;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanText;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Variant;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.publish.Leftovers;
import dev.kvasir.producer.publish.OpenRuns;
import dev.kvasir.producer.publish.PublisherSettings;
import dev.kvasir.producer.server.Servers;
import dev.kvasir.producer.workload.PromptSet;
import dev.kvasir.producer.workload.Workloads;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes plans: sends their load, and publishes every event of it.
 *
 * <p>One thread executes a plan at a time; {@link #stop} may be called from any.
 */
public final class Generator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Generator.class);

  private final GeneratorSettings settings;
  private final Clocks clocks;
  private final EventPublisher publisher;
  private final LoadClient client;
  private final Host host;
  private final OverlapLedger ledger;
  private final OpenRuns openRuns;
  private final OrphanedRuns orphans;
  private final List<OpenRuns.Claim> claims = new ArrayList<>();
  private long lastNumber;
  private boolean warm;
  private final StopRequest stopping = new StopRequest();

  private Generator(Prepared prepared, EventPublisher publisher) {
    this.settings = prepared.settings;
    this.clocks = prepared.clocks;
    this.publisher = publisher;
    this.client = prepared.client;
    this.host = prepared.host;
    this.ledger = OverlapLedger.in(settings.ledgerFolder());
    this.openRuns = OpenRuns.of(settings.publishing());
    this.orphans = new OrphanedRuns(settings, publisher, clocks);
  }

  /**
   * Connects to Kafka, whose topics must exist, and starts the client.
   *
   * @throws IllegalStateException if Kafka cannot be reached or lacks a topic
   */
  public static Generator open(GeneratorSettings settings) {
    return prepare(settings).connect();
  }

  /** Starts the client; Kafka need not be there yet. */
  public static Prepared prepare(GeneratorSettings settings) {
    return new Prepared(settings);
  }

  /** A generator that is not connected to Kafka yet. */
  public static final class Prepared implements AutoCloseable {

    private final GeneratorSettings settings;
    private final Clocks clocks = new Clocks(Ticker.system(), WallClock.system());
    private final LoadClient client = LoadClient.open(clocks.ticker());
    private final Host host = HostFacts.read();

    private Prepared(GeneratorSettings settings) {
      this.settings = settings;
    }

    /**
     * Connects to Kafka, whose topics must exist, and sends it what an earlier generator left.
     *
     * @throws IllegalStateException if Kafka cannot be reached or lacks a topic
     */
    public Generator connect() {
      settings.registry().prepare();
      PublisherSettings publishing = settings.publishing();
      Leftovers.send(publishing);
      return new Generator(this, EventPublisher.start(publishing, clocks.ticker()));
    }

    /** Stops the client; only for one that was never connected. */
    @Override
    public void close() {
      client.stop();
      client.close();
    }
  }

  /**
   * Ends, as aborted, every run in the log that began and never ended, and those of its requests
   * that have no end. Only for a caller who knows that no other generator is alive.
   *
   * @return the events that ended them
   */
  public List<RunFinished> closeOrphanedRuns() throws InterruptedException {
    List<RunFinished> ends = orphans.close(run -> true);
    openRuns.takeAbandoned().forEach(OpenRuns.Claim::release);
    return ends;
  }

  /**
   * The same for runs of generators that died on this home, whoever else is alive.
   *
   * @return the events that ended them
   */
  public List<RunFinished> closeAbandonedRuns() throws InterruptedException {
    List<OpenRuns.Claim> abandoned = openRuns.takeAbandoned();
    if (abandoned.isEmpty()) {
      return List.of();
    }
    Set<Long> runs = abandoned.stream().map(OpenRuns.Claim::run).collect(Collectors.toSet());
    List<RunFinished> ends = orphans.close(runs::contains);
    abandoned.forEach(OpenRuns.Claim::release);
    return ends;
  }

  /** What is told while a plan is executed, on the thread that executes it. */
  public interface Progress {

    /** A run begins. */
    void started(RunStarted run);

    /** A run has ended and Kafka has its events. */
    void finished(RunResult run);

    /** So many runs of the experiment were made before and are not made again. */
    void resumed(int runs);

    /** Something that the user should know before the runs are made, in a sentence. */
    void warned(String text);

    /** A search has come to its end. */
    void found(Found found);
  }

  /**
   * Executes a plan's runs in their order; returns those that ended, the stopped one included. The
   * servers that strategies ask for are started when their runs come, and ended before this
   * returns. What a search finds is published as reported results of its best run.
   *
   * @param workloads the plan's prompts
   * @param planText the plan as YAML; null when it was given by options
   * @param resume whether runs that the log holds as settled are not made again
   * @param servers where servers are that the plan does not say; simulated strategies need this
   * @throws ServerUnreachableException if no server can be reached; no run has started then
   * @throws IllegalArgumentException if a simulated strategy has no address, one is no URL, an API
   *     key is not where the plan says, or generators are to share what cannot be shared
   */
  public List<RunResult> execute(
      Plan plan,
      Workloads workloads,
      @Nullable String planText,
      boolean resume,
      ServerAddresses servers,
      Progress progress)
      throws ServerUnreachableException, InterruptedException {
    if (settings.shards() > 1) {
      SharedPlan.check(plan);
    }
    Map<Strategy, Credentials> credentials = new HashMap<>();
    for (Variant variant : plan.servers()) {
      credentials.put(variant.strategy(), Credentials.of(variant.strategy(), System::getenv));
    }
    Servers starter =
        new Servers(settings.serverLogs(), settings.beforeServers(), clocks.ticker(), stopping);
    try (Targets targets = Targets.of(plan, servers, starter)) {
      targets
          .unreachable()
          .forEach(problem ->
              progress.warned(problem + "; until it can, its runs end as server-failed"));
      if (settings.shards() > 1) {
        SharedRun.awaitGenerators(settings, clocks, stopping);
      }
      EarlierRuns earlier =
          resume
              ? EarlierRuns.in(settings.bootstrapServers(), settings.registry(), plan)
              : EarlierRuns.NONE;
      progress.resumed(earlier.amongThoseOf(plan));
      return execute(earlier, plan, workloads, planText, targets, credentials, progress);
    }
  }

  private List<RunResult> execute(
      EarlierRuns earlier,
      Plan plan,
      Workloads workloads,
      @Nullable String planText,
      Targets targets,
      Map<Strategy, Credentials> credentials,
      Progress progress)
      throws InterruptedException {
    Salts salts = new Salts(clocks.identify("", lastNumber).number(), earlier.salts());
    RunDescription.Surroundings surroundings =
        new RunDescription.Surroundings(
            settings.version(), settings.commit(), host, planText, settings.shards());
    Agenda agenda = Agenda.of(plan, earlier);
    List<RunResult> results = new ArrayList<>();
    while (!stopping.getAsBoolean()) {
      RunSpec spec = agenda.next().orElse(null);
      agenda.takeFindings().forEach(found -> report(found, progress));
      if (spec == null) {
        break;
      }
      Targets.Place place = targets.place(spec, client::stop);
      if (stopping.getAsBoolean()) {
        break;
      }
      Credentials own = requireNonNull(credentials.get(spec.strategy()));
      RunResult result =
          run(plan, spec, workloads, place, targets, own, salts, surroundings, progress::started);
      if (publisher.flush(Duration.ZERO)) {
        releaseClaims();
      }
      replace(earlier.failed(spec), result);
      results.add(result);
      progress.finished(result);
      agenda.ended(result);
    }
    return results;
  }

  /** Takes the place of runs whose server failed, which would count beside it otherwise. */
  private void replace(List<Long> failed, RunResult by) {
    if (!by.isSettled()) {
      return;
    }
    failed.forEach(run ->
        publisher.publish(
            new RunRetracted(
                run, by.finished().getAt(), "its server failed; made again as " + by.id())));
  }

  private void report(Found found, Progress progress) {
    long at = EpochAnchor.measure(clocks.ticker(), clocks.wall()).epochNanos();
    found.results(at).forEach(publisher::publish);
    progress.found(found);
  }

  private RunResult run(
      Plan plan,
      RunSpec spec,
      Workloads workloads,
      Targets.Place place,
      Targets targets,
      Credentials credentials,
      Salts salts,
      RunDescription.Surroundings surroundings,
      Consumer<RunStarted> started)
      throws InterruptedException {
    PromptSet prompts = spec.prompts(workloads);
    Course course = Course.of(spec, prompts);
    RunIdentity identity = clocks.identify(spec.idStem(), lastNumber);
    lastNumber = identity.number();
    try (ServerSide server =
        ServerSide.prepare(
            plan.cache(),
            spec,
            place,
            credentials,
            ledger,
            course,
            prompts,
            settings.home(),
            salts,
            identity.number())) {
      RunStarted first =
          RunDescription.of(
              plan,
              spec,
              new RunDescription.Sent(
                  prompts, course, workloads.of(spec.variant().workload()).tokenizer()),
              server,
              identity,
              surroundings);
      claims.add(openRuns.claim(first));
      publisher.publish(first);
      started.accept(first);
      LOG.info(
          "a run begins run={} id={} requests={}",
          identity.number(),
          identity.id(),
          first.getPlannedRequests());
      RunExecution running =
          new RunExecution(
              client,
              publisher,
              clocks,
              stopping,
              targets,
              new RunAssignment(plan, spec, identity, server, settings),
              this::warmUpSelf);
      RunFinished finished =
          running.execute(
              prompts, course, settings.shards() > 1 ? shared(plan, first, course, server) : null);
      LOG.info(
          "a run has ended run={} id={} verdict={} reasons=\"{}\"",
          identity.number(),
          identity.id(),
          finished.getVerdict(),
          finished.getReasons());
      List<String> failure = targets.failure(place);
      if (!failure.isEmpty() && place.problems().isEmpty()) {
        targets.failed(spec, failure);
      }
      return new RunResult(spec, identity.id(), finished, running.tally());
    }
  }

  /** Once: after the first server's warm-up, which a cold client may send as well. */
  private void warmUpSelf() throws InterruptedException {
    if (warm || settings.selfWarmUp().isZero()) {
      return;
    }
    warm = true;
    try {
      SelfWarmUp.run(client, settings.selfWarmUp(), clocks.ticker(), event -> {});
    } catch (IllegalStateException e) {
      LOG.warn("the first run may be stamped late reason=\"{}\"", e.getMessage());
    }
  }

  /** Reports what waits for Kafka. */
  public void meter(MeterRegistry registry) {
    publisher.meter(registry);
  }

  private SharedRun shared(Plan plan, RunStarted run, Course course, ServerSide server) {
    ShardOffered offer =
        ShardOffered.newBuilder()
            .setRun(run.getRun())
            .setAt(run.getAt())
            .setShard(0)
            .setShards(settings.shards())
            .setPlan(PlanText.of(plan))
            .setCell(run.getCell())
            .setRepeat(run.getRepeat())
            .setStartAt(run.getAt())
            .setSalt(run.getSalt())
            .setServer(server.endpoint().url())
            .setHost(host.getName())
            .setCountsAlong(server.identity().countsAlong())
            .build();
    return new SharedRun(settings, offer, course.scheduleNanos() + plan.timeout().toNanos());
  }

  /**
   * Ends the run under way as aborted and starts no further one: within about two seconds, or as
   * soon as Kafka has taken the run's events, which is waited for 10 s.
   */
  public void stop() {
    stop(List.of());
  }

  /**
   * The same.
   *
   * @param reasons what the run under way says of it, one sentence each
   */
  public void stop(List<String> reasons) {
    stopping.make(reasons);
    client.stop();
  }

  @Override
  public void close() {
    stop();
    client.close();
    publisher.close();
    releaseClaims();
  }

  /** Kafka, or a file that the next generator sends, has the ends of all runs so far. */
  private void releaseClaims() {
    claims.forEach(OpenRuns.Claim::release);
    claims.clear();
  }
}
