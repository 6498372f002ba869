package dev.kvasir.producer;

import dev.kvasir.event.AlertRule;
import dev.kvasir.event.Load;
import dev.kvasir.event.LoadKind;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Server;
import dev.kvasir.event.Slo;
import dev.kvasir.event.Workload;
import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.plan.AlertCondition;
import dev.kvasir.producer.plan.Objective;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.workload.PromptSet;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says everything about a run that its first event holds. */
final class RunDescription {

  private RunDescription() {}

  /**
   * The first event of a run.
   *
   * @param identity number, id and times
   * @param surroundings what does not change from run to run
   */
  static RunStarted of(
      Plan plan,
      RunSpec spec,
      PromptSet prompts,
      Endpoint endpoint,
      RunIdentity identity,
      Surroundings surroundings) {
    return RunStarted.newBuilder()
        .setRun(identity.number())
        .setAt(identity.at())
        .setId(identity.id())
        .setExperiment(spec.experiment())
        .setStrategy(spec.strategy().name())
        .setCell(spec.cell())
        .setLoadPoint(spec.loadPoint())
        .setRepeat(spec.repeat())
        .setSeed(spec.seed())
        .setDeclared(spec.strategy().labels())
        .setLoad(load(spec.load()))
        .setWorkload(workload(plan.workload(), prompts, surroundings.tokenizer()))
        .setSlo(slo(plan.objective()))
        .setServer(server(spec.strategy(), endpoint))
        .setPlannedRequests((long) spec.requests())
        .setWarmUpRequests(spec.warmUpRequests())
        .setTimeoutNanos(plan.timeout().toNanos())
        .setStartAt(identity.at())
        .setAlerts(plan.alerts().stream().map(RunDescription::alert).toList())
        .setVersion(surroundings.version())
        .setCommit(surroundings.commit())
        .setHost(surroundings.host())
        .setAnchor(identity.anchor().toEvent())
        .setPlan(surroundings.planText())
        .build();
  }

  /** What does not change from run to run of a plan. */
  record Surroundings(
      String version,
      String commit,
      dev.kvasir.event.Host host,
      String tokenizer,
      @Nullable String planText) {}

  private static Load load(LoadPoint load) {
    return switch (load) {
      case LoadPoint.Open open ->
          new Load(
              LoadKind.OPEN,
              Double.isInfinite(open.rate()) ? "all-at-once" : open.process().text(),
              open.rate(),
              burstiness(open),
              open.maxInFlight(),
              null,
              Map.of());
      case LoadPoint.Closed closed ->
          new Load(LoadKind.CLOSED, "closed", null, null, closed.concurrency(), null, Map.of());
    };
  }

  private static @Nullable Double burstiness(LoadPoint.Open open) {
    if (Double.isInfinite(open.rate())) {
      return null;
    }
    return switch (open.process()) {
      case ArrivalProcess.Constant() -> null;
      case ArrivalProcess.Poisson() -> (Double) 1.0;
      case ArrivalProcess.Gamma(double burstiness) -> (Double) burstiness;
    };
  }

  private static Workload workload(WorkloadSpec spec, PromptSet prompts, String tokenizer) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("prompts", Integer.toString(spec.prompts()));
    if (spec.outputTokens() != null) {
      options.put("output-tokens", spec.outputTokens().text());
    }
    if (spec.source() instanceof WorkloadSpec.Synthetic synthetic) {
      options.put("input-tokens", synthetic.inputTokens().text());
      options.put("prefix-groups", Integer.toString(synthetic.prefixGroups()));
      options.put("prefix-tokens", Integer.toString(synthetic.prefixTokens()));
    }
    if (prompts.repeated() > 0) {
      options.put("repeated-prompts", Integer.toString(prompts.repeated()));
    }
    if (spec.reason() != null) {
      options.put("reason", spec.reason());
    }
    String file = spec.source().file();
    return Workload.newBuilder()
        .setName(spec.source().kind())
        .setFile(file == null ? null : Path.of(file).getFileName().toString())
        .setHash(prompts.hash())
        .setTokenizer(tokenizer)
        .setOutputTokens(spec.fixedOutputTokens())
        .setIgnoreEos(spec.ignoreEos())
        .setOptions(options)
        .build();
  }

  private static Slo slo(Objective objective) {
    return new Slo(nanos(objective.ttft()), nanos(objective.tpot()), objective.target());
  }

  static @Nullable Long nanos(@Nullable Duration duration) {
    return duration == null ? null : duration.toNanos();
  }

  private static Server server(Strategy strategy, Endpoint endpoint) {
    return Server.newBuilder()
        .setUrl(endpoint.url())
        .setProtocol(strategy.protocol().text())
        .setModel(strategy.model())
        .setGpus(strategy.gpus())
        .setCommand(List.of())
        .setEnvironment(Map.of())
        .build();
  }

  private static AlertRule alert(AlertCondition condition) {
    return new AlertRule(
        condition.name(),
        condition.metric(),
        condition.above(),
        condition.threshold(),
        condition.windowSeconds(),
        condition.hold().toNanos());
  }
}
