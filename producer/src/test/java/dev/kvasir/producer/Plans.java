package dev.kvasir.producer;

import dev.kvasir.event.RunStarted;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.producer.workload.PromptSet;
import dev.kvasir.producer.workload.Workloads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Small plans, and their execution. */
final class Plans {

  /** Thresholds that no client exceeds. */
  static final String NO_CLIENT_LIMITS =
      "thresholds: {dispatch-lag: 1h, loop-lag: 1h, gc-pause: 1h, wall-step: 1h, loop-busy: 100%,"
          + " queued-events: 1000000, socket-backlog: 1TB}";

  private Plans() {}

  /** A plan of one strategy, {@code s}, against a server that runs. */
  static Plan of(String experiment, String load, String url, int prompts, int warmUp) {
    return plan(experiment, load, "url: " + url, prompts, warmUp);
  }

  /** A plan of one simulated strategy, {@code s}. */
  static Plan simulated(String experiment, String load, int prompts) {
    return plan(experiment, load, "simulate: any", prompts, 0);
  }

  /** A plan of two strategies, {@code a} and {@code b}, that no client limits. */
  static Plan ofTwo(String experiment, String a, String b) {
    return parse(
        """
        experiment: %s
        repeats: 1
        workload: {input-tokens: 20, prompts: 3, output-tokens: 8}
        load: {concurrency: 1}
        warm-up: {requests: 0}
        %s
        strategies:
          - {name: a, url: "%s", model: m}
          - {name: b, url: "%s", model: m}
        """
            .formatted(experiment, NO_CLIENT_LIMITS, a, b));
  }

  private static Plan parse(String yaml) {
    return new PlanParser(new DatasetFolder(Path.of(".")), Set.of()).parse("test.yaml", yaml);
  }

  private static Plan plan(String experiment, String load, String target, int prompts, int warmUp) {
    return parse(
        """
        experiment: %s
        seed: 7
        repeats: 1
        workload:
          input-tokens: 20
          prompts: %d
          output-tokens: 8
        load:
          %s
        warm-up:
          requests: %d
        timeout: 20s
        strategies:
          - name: s
            %s
            model: m
        """
            .formatted(experiment, prompts, load, warmUp, target));
  }

  /** What a run of a plan sends. */
  static PromptSet prompts(Plan plan, RunSpec run) {
    return run.prompts(workloads(plan));
  }

  private static Workloads workloads(Plan plan) {
    return Workloads.load(plan.workloads(), new DatasetFolder(Path.of(".")));
  }

  static List<RunResult> execute(Generator generator, Plan plan) {
    return execute(generator, plan, Map.of());
  }

  static List<RunResult> execute(Generator generator, Plan plan, Map<String, String> servers) {
    return execute(generator, plan, "the plan", false, servers, new Told());
  }

  static List<RunResult> execute(Generator generator, Plan plan, ServerAddresses servers) {
    return execute(generator, plan, "the plan", false, servers, new Told());
  }

  static List<RunResult> execute(
      Generator generator, Plan plan, String text, Map<String, String> servers) {
    return execute(generator, plan, text, false, servers, new Told());
  }

  static List<RunResult> execute(
      Generator generator, Plan plan, boolean resume, Map<String, String> servers, Told told) {
    return execute(generator, plan, "the plan", resume, servers, told);
  }

  private static List<RunResult> execute(
      Generator generator,
      Plan plan,
      String text,
      boolean resume,
      Map<String, String> servers,
      Told told) {
    return execute(generator, plan, text, resume, ServerAddresses.of(servers), told);
  }

  private static List<RunResult> execute(
      Generator generator,
      Plan plan,
      String text,
      boolean resume,
      ServerAddresses servers,
      Told told) {
    try {
      return generator.execute(plan, workloads(plan), text, resume, servers, told);
    } catch (ServerUnreachableException | InterruptedException e) {
      throw sneaky(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }

  /** What an execution tells. */
  static final class Told implements Generator.Progress {

    final List<Found> found = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();
    int resumed;
    Runnable afterRun = () -> {};

    @Override
    public void started(RunStarted run) {}

    @Override
    public void finished(RunResult run) {
      afterRun.run();
    }

    @Override
    public void resumed(int runs) {
      resumed = runs;
    }

    @Override
    public void warned(String text) {
      warnings.add(text);
    }

    @Override
    public void found(Found finding) {
      found.add(finding);
    }
  }
}
