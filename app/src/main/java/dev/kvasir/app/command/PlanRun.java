package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.AlertWriter;
import dev.kvasir.app.pipeline.CatchUp;
import dev.kvasir.app.pipeline.DiskGuard;
import dev.kvasir.app.pipeline.GeneratorMeters;
import dev.kvasir.app.pipeline.GeneratorNews;
import dev.kvasir.app.pipeline.GeneratorOrder;
import dev.kvasir.app.pipeline.GeneratorProcess;
import dev.kvasir.app.pipeline.LiveRun;
import dev.kvasir.app.pipeline.LiveRuns;
import dev.kvasir.app.pipeline.LogEnd;
import dev.kvasir.app.pipeline.PlanSource;
import dev.kvasir.app.pipeline.Session;
import dev.kvasir.app.pipeline.SimulatorProcess;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.app.pipeline.Timings;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.ServerAddresses;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.sink.warehouse.QueryRefusedException;
import dev.kvasir.topic.Topic;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One plan, executed over a session and shown on a terminal. */
final class PlanRun {

  private static final long REDRAW_MILLIS = 250;
  private static final Duration LANDING = Duration.ofSeconds(60);
  private static final Duration SUMMARISING = Duration.ofHours(1);
  private static final Duration SUMMARISING_WHEN_STOPPED = Duration.ofMinutes(5);

  private final Terminal terminal;
  private final Session session;
  private final StopSignal stop;
  private final Timings timings;
  private final BlockingQueue<GeneratorNews> news = new LinkedBlockingQueue<>();
  private final List<GeneratorNews.Finished> finished = new ArrayList<>();
  private final Map<Long, Map<String, AlertRaised>> alerted = new HashMap<>();
  private final List<String> findings = new ArrayList<>();
  private final GeneratorMeters meters;
  private final AlertWriter alerts;
  private final DiskGuard disk;
  private int earlier;
  private final CompletableFuture<List<String>> page = new CompletableFuture<>();
  private volatile @Nullable RuntimeException stageFailure;

  PlanRun(Terminal terminal, Session session, StopSignal stop, Timings timings) {
    this.terminal = terminal;
    this.session = session;
    this.stop = stop;
    this.timings = timings;
    this.meters = new GeneratorMeters(session.meters().registry());
    this.alerts = new AlertWriter(session.log());
    this.disk = DiskGuard.of(session.home(), alerts);
  }

  /** What follows once the plan was executed. */
  @FunctionalInterface
  private interface Conclusion {

    ExitCode of(LogEnd from, Optional<SimulatorProcess> simulators) throws InterruptedException;
  }

  /** Executes the plan, and prints what came of it. */
  ExitCode execute(PlanSource source, Plan plan, boolean resume) throws InterruptedException {
    return execute(
        source, plan, resume, (from, simulators) -> report(source, plan, from, simulators));
  }

  /** Executes pairs of runs that observe what observing costs, and prints what came of them. */
  ExitCode observe(PlanSource source, Plan plan, JsonOption json) throws InterruptedException {
    return execute(source, plan, false, (from, simulators) -> shift(plan, json));
  }

  private ExitCode execute(PlanSource source, Plan plan, boolean resume, Conclusion conclusion)
      throws InterruptedException {
    mustHaveRoom();
    Optional<SimulatorProcess> simulators = SimulatorProcess.start(session.home(), plan);
    try (GeneratorProcess generator =
        GeneratorProcess.start(
            session.home(),
            new GeneratorOrder(
                source, session.log(), resume, session.pipelinePid(), session.isAlone()))) {
      ServerAddresses servers =
          simulators
              .map(SimulatorProcess::awaitServers)
              .orElseGet(() -> ServerAddresses.of(Map.of()));
      timings.mark("simulators listen");
      session.awaitLog();
      Precedence.goAfterChildren();
      announce(plan);
      LogEnd from = LogEnd.of(session.log(), EnumSet.allOf(Topic.class));
      try (LiveRuns live = LiveRuns.watch(session.log(), from)) {
        hear(generator, servers);
        follow(live, plan, generator);
      }
      simulators.ifPresent(SimulatorProcess::close);
      return conclusion.of(from, simulators);
    } finally {
      simulators.ifPresent(SimulatorProcess::close);
    }
  }

  private void mustHaveRoom() {
    String told = disk.look();
    if (told == null) {
      return;
    }
    if (disk.isFull()) {
      throw new Refusal(ExitCode.FAILED, told);
    }
    terminal.err().println(told);
  }

  private void announce(Plan plan) {
    PrintWriter err = terminal.err();
    err.printf("%s: %s%n", plan.experiment(), PlanWords.size(plan));
    if (session instanceof Session.Attached) {
      err.printf("Using what already runs on %s.%n", session.home().folder());
    }
  }

  /** Starts the load, and a thread that hears what comes of it. */
  private void hear(GeneratorProcess generator, ServerAddresses servers) {
    GeneratorNews first = generator.next();
    if (!(first instanceof GeneratorNews.Ready ready)) {
      throw refusal(first, generator);
    }
    ready.skipped().forEach(record -> terminal.err().println("left out: " + record));
    timings.mark("prompts loaded");
    stop.onRequest(generator::stop);
    generator.go(servers);
    Thread.ofPlatform().daemon().name("generator-news").start(() -> listen(generator));
  }

  private void listen(GeneratorProcess generator) {
    boolean begun = false;
    GeneratorNews next = generator.next();
    while (next != null) {
      if (next instanceof GeneratorNews.Metered metered) {
        meters.hear(metered);
      } else {
        news.add(next);
      }
      if (!begun && isOfRun(next)) {
        begun = true;
        Thread.ofPlatform().daemon().name("stages").start(() -> startFollowers(generator));
      }
      next = generator.next();
    }
    news.add(
        new GeneratorNews.Failed("the generator ended early: " + generator.lastWords(), false));
  }

  private static boolean isOfRun(GeneratorNews news) {
    return news instanceof GeneratorNews.Started || news instanceof GeneratorNews.Finished;
  }

  /** Starts the stages that follow the log; before the first run they would only delay it. */
  private void startFollowers(GeneratorProcess generator) {
    try {
      page.complete(PageOptions.words(session.page()));
      session.awaitReady();
      timings.mark("every stage works");
    } catch (RuntimeException e) {
      stageFailure = e;
      generator.stop();
    }
  }

  private static RuntimeException refusal(
      @Nullable GeneratorNews news, GeneratorProcess generator) {
    if (news instanceof GeneratorNews.Failed(String reason, boolean usage)) {
      return new Refusal(usage ? ExitCode.USAGE : ExitCode.FAILED, reason);
    }
    return new IllegalStateException("the generator ended early: " + generator.lastWords());
  }

  /** Says what is raised and cleared as it is. */
  private void tellAlerts(List<LiveRun> runs, LiveLines lines) {
    for (LiveRun run : runs) {
      Map<String, AlertRaised> before = alerted.getOrDefault(run.started().getRun(), Map.of());
      Map<String, AlertRaised> now = new LinkedHashMap<>();
      run.alerts().forEach(alert -> now.put(alert.getRule(), alert));
      now.values().stream()
          .filter(alert -> !before.containsKey(alert.getRule()))
          .forEach(alert ->
              lines.say(
                  "ALERT %s: %s of %s is %s, the limit is %s"
                      .formatted(
                          alert.getRule(),
                          alert.getMetric(),
                          run.started().getId(),
                          TextTable.number(alert.getValue()),
                          TextTable.number(alert.getThreshold()))));
      before.keySet().stream()
          .filter(rule -> !now.containsKey(rule))
          .forEach(rule -> lines.say("cleared %s of %s".formatted(rule, run.started().getId())));
      alerted.put(run.started().getRun(), now);
    }
  }

  private void follow(LiveRuns live, Plan plan, GeneratorProcess generator)
      throws InterruptedException {
    String of = plan.search() == null ? "/" + Matrix.of(plan).runs().size() : "";
    LiveLines lines = new LiveLines(terminal);
    boolean stopping = false;
    boolean pageShown = false;
    while (true) {
      GeneratorNews next = news.poll(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
      if (!pageShown && page.isDone()) {
        pageShown = true;
        page.join().forEach(lines::say);
      }
      if (next instanceof GeneratorNews.Done) {
        break;
      }
      if (next instanceof GeneratorNews.Failed(String reason, boolean usage)) {
        lines.clear();
        throw new Refusal(usage ? ExitCode.USAGE : ExitCode.FAILED, reason);
      }
      if (next instanceof GeneratorNews.Finished run) {
        finished.add(run);
        lines.say(count(of) + ended(run));
      }
      if (next instanceof GeneratorNews.Resumed(int runs) && runs > 0) {
        earlier = runs;
        lines.say("Going on: %s made before.".formatted(PlanWords.runs(runs)));
      }
      if (next instanceof GeneratorNews.Warned(String text)) {
        lines.say("Note: " + text);
      }
      if (next instanceof GeneratorNews.Found(String text)) {
        findings.add(text);
        lines.say(text);
      }
      disk.hear(next);
      String told = disk.look();
      if (told != null) {
        lines.say(told);
      }
      if (isStopped() && !stopping) {
        stopping = true;
        if (disk.isFull()) {
          generator.stop(List.of(disk.reason()));
        }
        lines.say("Stopping: what was measured so far is kept…");
      }
      tellAlerts(own(live.all(), plan), lines);
      lines.show(count(of), own(live.active(), plan));
    }
    lines.clear();
    if (stageFailure != null) {
      throw stageFailure;
    }
  }

  /** Whether runs were left out, by a user's wish or for want of room. */
  private boolean isStopped() {
    return stop.isRequested() || disk.isFull();
  }

  /** What the exit status says of that. */
  private ExitCode stopped() {
    return stop.isRequested() ? ExitCode.INTERRUPTED : ExitCode.FAILED;
  }

  /** Without the runs that other commands make on the same home. */
  private static List<LiveRun> own(Collection<LiveRun> runs, Plan plan) {
    return runs.stream()
        .filter(run -> run.started().getExperiment().equals(plan.experiment()))
        .toList();
  }

  private String count(String of) {
    return "[%d%s] ".formatted(earlier + finished.size(), of);
  }

  private static String ended(GeneratorNews.Finished run) {
    String reasons = run.reasons().isEmpty() ? "" : ": " + String.join("; ", run.reasons());
    return "%s %s%s"
        .formatted(
            run.id(), run.verdict().toLowerCase(java.util.Locale.ROOT).replace('_', '-'), reasons);
  }

  private ExitCode shift(Plan plan, JsonOption json) throws InterruptedException {
    session.awaitReady();
    if (!CatchUp.await(session.log(), session.warehouse(), LANDING)) {
      throw new IllegalStateException(
          "the warehouse had not loaded everything within %d s".formatted(LANDING.toSeconds()));
    }
    ObserverReport report = ObserverReport.of(session.warehouse(), finished);
    if (json.wanted()) {
      json.print(terminal.out(), report);
    } else {
      report.print(terminal.out(), plan);
    }
    if (isStopped()) {
      return stopped();
    }
    return report.pairs() == plan.repeats() ? ExitCode.OK : ExitCode.NOT_USABLE;
  }

  private ExitCode report(
      PlanSource source, Plan plan, LogEnd from, Optional<SimulatorProcess> simulators)
      throws InterruptedException {
    session.awaitReady();
    alerts.await();
    boolean landed = CatchUp.await(session.log(), session.warehouse(), LANDING);
    CatchUp.awaitSummaries(
        session.warehouse(),
        finished.stream().map(GeneratorNews.Finished::run).toList(),
        isStopped() ? SUMMARISING_WHEN_STOPPED : SUMMARISING,
        () -> terminal.err().println("Computing the runs' numbers…"));
    timings.mark("everything landed");
    RunReport report = new RunReport(terminal, session, plan);
    report.timings(timings, finished);
    try {
      report.table();
    } catch (QueryRefusedException e) {
      terminal.err().printf("The table is left out: %s%n", e.getMessage());
    }
    boolean alerted = report.alerts(plan, finished, disk.hasAlerted());
    report.findings(findings);
    if (simulators.isPresent() && !isStopped()) {
      report.truth(simulators.get().folder(), from, finished);
    }
    report.figures();
    report.whatNext(isStopped() ? NextCommands.goingOn(source) : null);
    if (!landed) {
      throw new IllegalStateException(
          "the warehouse had not loaded everything within %d s; 'kvasir up' loads the rest"
              .formatted(LANDING.toSeconds()));
    }
    if (isStopped()) {
      return stopped();
    }
    if (!finished.stream().allMatch(RunReport::isUsable)) {
      return ExitCode.NOT_USABLE;
    }
    return alerted ? ExitCode.ALERTED : ExitCode.OK;
  }
}
