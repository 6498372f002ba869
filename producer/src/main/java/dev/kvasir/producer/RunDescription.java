package dev.kvasir.producer;

import dev.kvasir.event.AlertRule;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Server;
import dev.kvasir.event.Slo;
import dev.kvasir.event.Workload;
import dev.kvasir.label.StrategyLabels;
import dev.kvasir.producer.exchange.Secrets;
import dev.kvasir.producer.plan.AlertCondition;
import dev.kvasir.producer.plan.Course;
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
   * @param sent what the run sends
   * @param server the server as it was found
   * @param identity number, id and times
   * @param surroundings what does not change from run to run
   */
  static RunStarted of(
      Plan plan,
      RunSpec spec,
      Sent sent,
      ServerSide server,
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
        .setDerived(derived(spec.strategy(), server.place()))
        .setLoad(LoadDescription.of(spec))
        .setParameters(spec.parameters())
        .setWorkload(workload(spec.variant().workload(), sent))
        .setSlo(slo(plan.objective()))
        .setServer(server(spec.strategy(), server))
        .setSalt(server.salt().text())
        .setShards(surroundings.shards())
        .setPlannedRequests(planned(spec, sent.course()))
        .setPasses(spec.play().passes())
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
      @Nullable String planText,
      int shards) {}

  /**
   * What a run sends.
   *
   * @param prompts what the workload gave
   * @param course the run laid out over its prompts
   * @param tokenizer name of what counted prompt tokens
   */
  record Sent(PromptSet prompts, Course course, String tokenizer) {

    /** Different prompts of a pass. */
    int distinct() {
      return Math.min(prompts.measured().size(), course.prompts().size());
    }

    /** Prompts of a pass that are second uses. */
    int repeated() {
      return prompts.repeated() + course.prompts().size() - distinct();
    }
  }

  private static @Nullable Long planned(RunSpec spec, Course course) {
    Integer requests = course.requests();
    return requests == null ? null : (Long) ((long) requests * spec.play().passes());
  }

  private static Workload workload(WorkloadSpec spec, Sent sent) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("prompts", Integer.toString(sent.distinct()));
    if (spec.outputTokens() != null) {
      options.put("output-tokens", spec.outputTokens().text());
    }
    spec.source().settings().forEach((key, value) -> options.put(key, value.toString()));
    if (spec.kv() != null) {
      options.put("kv-bytes-per-token", Long.toString(spec.kv().bytesPerToken()));
    }
    if (sent.repeated() > 0) {
      options.put("repeated-prompts", Integer.toString(sent.repeated()));
    }
    if (spec.reason() != null) {
      options.put("reason", spec.reason());
    }
    String file = spec.source().file();
    return Workload.newBuilder()
        .setName(spec.source().kind())
        .setFile(file == null ? null : Path.of(file).getFileName().toString())
        .setHash(sent.prompts().hash())
        .setTokenizer(sent.tokenizer())
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

  /** What follows from the launch; nothing when somebody else started the servers. */
  static Map<String, String> derived(Strategy strategy, Targets.Place place) {
    return place.launch() == null
        ? Map.of()
        : StrategyLabels.derive(place.launch().facts(strategy.labels()));
  }

  private static Server server(Strategy strategy, ServerSide server) {
    Secrets secrets = server.credentials().secrets();
    Targets.Place place = server.place();
    return Server.newBuilder()
        .setUrl(place.endpoint().url())
        .setEngine(secrets.hide(server.identity().engine()))
        .setEngineVersion(secrets.hide(server.identity().version()))
        .setProtocol(strategy.protocol().text())
        .setModel(strategy.model())
        .setGpus(strategy.gpus())
        .setCommand(place.launch() == null ? List.of() : place.launch().lines())
        .setEnvironment(place.launch() == null ? Map.of() : place.launch().environment())
        .build();
  }

  private static AlertRule alert(AlertCondition condition) {
    return new AlertRule(
        condition.name(),
        condition.metric(),
        condition.above(),
        condition.threshold(),
        condition.windowSeconds(),
        condition.hold().toNanos(),
        condition.clear());
  }
}
