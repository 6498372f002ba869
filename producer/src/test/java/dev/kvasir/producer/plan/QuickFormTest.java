package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.producer.workload.TextDatasets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QuickFormTest {

  private static final PlanParser PARSER =
      new PlanParser(new TextDatasets(Map.of()), Set.of("recompute"));

  private static final String PLAN =
      """
      experiment: long
      repeats: 3
      vary: {size: [1, 2, 3]}
      workload: {input-tokens: 10, prompts: 2000}
      load: {rates: [1, 2, 3, 4]}
      strategies:
        - name: a
          simulate: {profile: recompute, set: {scheduler.max-sequences: "${size}"}}
      """;

  private static final String QUICK =
      """
      quick:
        repeats: 1
        size: [1, 2]
        load.rates: [2, inf]
        workload: {input-tokens: 10, prompts: 40, reason: quick}
        strategies.a.gpus: 2
      """;

  @Test
  void the_short_form_replaces_values_and_is_an_experiment_of_its_own() {
    Plan plan = PARSER.parse("plan.yaml", PLAN + QUICK, Map.of(), true);

    assertThat(plan.experiment()).isEqualTo("long-quick");
    assertThat(Matrix.of(plan).runs()).hasSize(2 * 2);
    assertThat(plan.workload().prompts()).isEqualTo(40);
    assertThat(plan.strategies().getFirst().gpus()).isEqualTo(2);
    assertThat(PlanText.of(plan)).doesNotContain("quick:");
  }

  @Test
  void without_it_the_plan_is_as_if_it_had_none() {
    assertThat(PARSER.parse("plan.yaml", PLAN + QUICK)).isEqualTo(PARSER.parse("plan.yaml", PLAN));
  }

  @Test
  void settings_win_over_it() {
    Plan plan = PARSER.parse("plan.yaml", PLAN + QUICK, Map.of("repeats", "2"), true);

    assertThat(Matrix.of(plan).runs()).hasSize(2 * 2 * 2);
  }

  @Test
  void a_plan_without_one_says_so() {
    assertThatThrownBy(() -> PARSER.parse("plan.yaml", PLAN, Map.of(), true))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessageContaining("the plan has no short form")
        .hasMessageContaining("quick");
  }

  @Test
  void its_mistakes_are_found_with_their_lines_even_when_it_is_not_asked_for() {
    String wrong = PLAN + "quick:\n  strategies.b.gpus: 2\n";

    assertThatThrownBy(() -> PARSER.parse("plan.yaml", wrong))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessageContaining("plan.yaml:10")
        .hasMessageContaining("nothing there is called `b`");
  }
}
