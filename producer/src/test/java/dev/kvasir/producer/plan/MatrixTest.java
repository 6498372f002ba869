package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.workload.PromptSet;
import dev.kvasir.producer.workload.TextDatasets;
import dev.kvasir.producer.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MatrixTest {

  private static final TextDatasets DATASETS = new TextDatasets(Map.of());

  @Test
  void interleaved_runs_alternate_between_strategies_and_come_back_to_each_cell() {
    assertThat(cells(plan("order: interleaved")))
        .containsExactly(
            "a rate=2 r1",
            "b rate=2 r1",
            "a rate=inf r1",
            "b rate=inf r1",
            "a concurrency=4 r1",
            "b concurrency=4 r1",
            "a rate=2 r2",
            "b rate=2 r2",
            "a rate=inf r2",
            "b rate=inf r2",
            "a concurrency=4 r2",
            "b concurrency=4 r2");
  }

  @Test
  void alternating_runs_come_back_in_reverse() {
    assertThat(cells(plan("order: alternating")))
        .containsExactly(
            "a rate=2 r1",
            "b rate=2 r1",
            "a rate=inf r1",
            "b rate=inf r1",
            "a concurrency=4 r1",
            "b concurrency=4 r1",
            "b concurrency=4 r2",
            "a concurrency=4 r2",
            "b rate=inf r2",
            "a rate=inf r2",
            "b rate=2 r2",
            "a rate=2 r2");
  }

  @Test
  void blocked_runs_finish_a_strategy_first() {
    assertThat(cells(plan("order: blocked")))
        .containsExactly(
            "a rate=2 r1",
            "a rate=2 r2",
            "a rate=inf r1",
            "a rate=inf r2",
            "a concurrency=4 r1",
            "a concurrency=4 r2",
            "b rate=2 r1",
            "b rate=2 r2",
            "b rate=inf r1",
            "b rate=inf r2",
            "b concurrency=4 r1",
            "b concurrency=4 r2");
  }

  @Test
  void it_adds_up_what_the_plan_costs() {
    Matrix matrix = Matrix.of(plan("seed: 1"));

    assertThat(matrix.requests()).isEqualTo(12 * 10);
    assertThat(matrix.warmUpRequests()).isEqualTo(12 * 3);
    assertThat(matrix.serverStarts()).isEqualTo(1);
    assertThat(matrix.scheduledDuration()).isEqualTo(Duration.ofSeconds(4 * 5));
    assertThat(matrix.runsOfUnknownDuration()).isEqualTo(8);
  }

  @Test
  void seeds_are_equal_across_strategies_and_differ_in_everything_else() {
    List<RunSpec> runs = Matrix.of(plan("seed: 1")).runs();

    for (RunSpec run : runs) {
      for (RunSpec other : runs) {
        boolean paired =
            run.loadPoint().equals(other.loadPoint()) && run.repeat() == other.repeat();
        assertThat(run.seed() == other.seed()).as("%s and %s", run, other).isEqualTo(paired);
      }
    }
    assertThat(Matrix.of(plan("seed: 2")).runs().getFirst().seed())
        .isNotEqualTo(runs.getFirst().seed());
  }

  @Test
  void paired_runs_send_the_same_prompts_at_the_same_times() {
    Plan plan = plan("seed: 1");
    Workload workload = Workload.load(plan.workload(), DATASETS);
    List<RunSpec> runs = Matrix.of(plan).runs();
    RunSpec first = runs.get(0);
    RunSpec paired = runs.get(1);
    RunSpec repeated = runs.get(6);

    PromptSet prompts = first.prompts(workload);
    assertThat(first.strategy()).isNotEqualTo(paired.strategy());
    assertThat(paired.prompts(workload)).isEqualTo(prompts);
    assertThat(schedule(paired)).isEqualTo(schedule(first));
    assertThat(repeated.cell()).isEqualTo(first.cell());
    assertThat(repeated.prompts(workload).hash()).isNotEqualTo(prompts.hash());
    assertThat(schedule(repeated)).isNotEqualTo(schedule(first));
  }

  @Test
  void another_workload_does_not_shift_the_arrivals() {
    RunSpec run = Matrix.of(plan("seed: 1")).runs().getFirst();
    RunSpec longer = Matrix.of(plan("seed: 1", "input-tokens: 99")).runs().getFirst();

    assertThat(schedule(longer)).isEqualTo(schedule(run));
  }

  @Test
  void run_ids_begin_with_what_the_run_is() {
    RunSpec run = Matrix.of(plan("seed: 1")).runs().getFirst();

    assertThat(run.idStem()).isEqualTo("exp-a-rate=2-r1").matches("[a-z0-9.=_-]+");
    assertThat(run.cell()).isEqualTo("a rate=2");
    assertThat(run.requests()).hasValue(10);
    assertThat(run.warmUpRequests()).isEqualTo(3);
  }

  private static Schedule schedule(RunSpec run) {
    return run.schedule(((LoadPoint.Open) run.load()).timing(), 10).orElseThrow();
  }

  private static List<String> cells(Plan plan) {
    return Matrix.of(plan).runs().stream().map(run -> run.cell() + " r" + run.repeat()).toList();
  }

  private static Plan plan(String line) {
    return plan(line, "input-tokens: 20");
  }

  private static Plan plan(String line, String workloadLine) {
    return new PlanParser(DATASETS, Set.of())
        .parse(
            "plan.yaml",
            """
            experiment: Exp
            repeats: 2
            workload:
              prompts: 10
              %s
            load: {rates: [2, inf], concurrency: 4}
            strategies:
              - {name: a, simulate: recompute}
              - {name: b, url: "http://host/v1/completions", model: M}
            warm-up: {requests: 3}
            %s
            """
                .formatted(workloadLine, line));
  }
}
