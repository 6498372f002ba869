package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.workload.TextDatasets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublishableRulesTest {

  private static final String GOOD =
      """
      experiment: a
      repeats: 3
      workload: {input-tokens: 20, prompts: 1000, output-tokens: 8, ignore-eos: true}
      load: {rates: [1, 2]}
      strategies:
        - {name: a, simulate: p}
        - {name: b, simulate: q}
      """;

  @Test
  void a_sound_plan_misses_no_rule() {
    assertThat(missed(GOOD)).isEmpty();
  }

  @Test
  void few_prompts_need_a_reason() {
    assertThat(missed(GOOD.replace("prompts: 1000", "prompts: 999")))
        .containsExactly(
            "at least 1,000 prompts in each run, or workload.reason says why 999 are enough");
    assertThat(missed(GOOD.replace("prompts: 1000", "prompts: 999, reason: few exist"))).isEmpty();
  }

  @Test
  void one_load_point_is_not_enough() {
    assertThat(missed(GOOD.replace("[1, 2]", "1")))
        .containsExactly("several load points; there is only rate=1");
  }

  @Test
  void the_output_length_is_fixed_and_enforced() {
    assertThat(missed(GOOD.replace("output-tokens: 8, ignore-eos: true", "output-tokens: 8")))
        .singleElement()
        .asString()
        .contains("ignore-eos");
    assertThat(missed(GOOD.replace("output-tokens: 8", "output-tokens: 8..9")))
        .singleElement()
        .asString()
        .contains("output-tokens");
  }

  @Test
  void repeats_and_a_warm_up_are_needed() {
    assertThat(missed(GOOD.replace("repeats: 3", "repeats: 2")))
        .containsExactly("at least 3 repeats; there are 2");
    assertThat(missed(GOOD + "warm-up: {requests: 0}"))
        .containsExactly("a warm-up; warm-up.requests is 0");
  }

  @Test
  void everything_but_the_strategy_is_equal() {
    assertThat(
            missed(
                GOOD.replace(
                    "simulate: q",
                    "url: \"http://h/v1/chat/completions\", model: M, gpus: 2, body: {n: 1}")))
        .containsExactly(
            "everything but the strategy equal; the models are simulated (a) and M (b)",
            "everything but the strategy equal; the protocols are openai-completions (a) and"
                + " openai-chat (b)",
            "everything but the strategy equal; the numbers of GPUs are unknown (a) and 2 (b)",
            "everything but the strategy equal; the request bodies are {} (a) and {n=1} (b)",
            "everything but the strategy equal; the kinds of server are simulated (a) and real"
                + " (b)");
  }

  private static List<String> missed(String yaml) {
    return PublishableRules.missedBy(
        new PlanParser(new TextDatasets(Map.of()), Set.of()).parse("plan.yaml", yaml));
  }
}
