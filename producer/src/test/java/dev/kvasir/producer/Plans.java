package dev.kvasir.producer;

import dev.kvasir.event.RunStarted;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.producer.workload.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Small plans, and their execution. */
final class Plans {

  private Plans() {}

  static Plan of(String experiment, String load, String url, int prompts, int warmUp) {
    return new PlanParser(new DatasetFolder(Path.of(".")), Set.of())
        .parse(
            "test.yaml",
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
                url: %s
                model: m
            """
                .formatted(experiment, prompts, load, warmUp, url));
  }

  static List<RunResult> execute(Generator generator, Plan plan) {
    try {
      return generator.execute(
          plan,
          Workload.load(plan.workload(), new DatasetFolder(Path.of("."))),
          "the plan",
          Map.of(),
          new Silence());
    } catch (ServerUnreachableException | InterruptedException e) {
      throw sneaky(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }

  private static final class Silence implements Generator.Progress {

    @Override
    public void started(RunStarted run) {}

    @Override
    public void finished(RunResult run) {}
  }
}
