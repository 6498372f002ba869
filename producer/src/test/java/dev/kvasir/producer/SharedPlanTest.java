package dev.kvasir.producer;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.workload.DatasetFolder;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedPlanTest {

  @Test
  void anOpenLoopIsShared() {
    assertThatCode(() ->
            SharedPlan.check(
                plan("load: {rates: [5]}", "headers: {x-tenant: {env: TENANT}}", "seed: 1")))
        .doesNotThrowAnyException();
  }

  @Test
  void aLoadThatAnswersDecideIsNot() {
    assertThatThrownBy(() ->
            SharedPlan.check(plan("load: {concurrency: [4], burst: [8]}", "gpus: 1", "seed: 1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("concurrency=4, burst=8")
        .hasMessageContaining("only open loops");
  }

  @Test
  void secretsThatWouldNotTravelAreNamedAndNotShown() {
    assertThatThrownBy(() ->
            SharedPlan.check(
                plan(
                    "load: {rates: [5]}",
                    "headers: {x-api-key: hush-hush}\n    body: {deep: {token: hush-hush}}",
                    "seed: 1")))
        .hasMessageContaining("strategy s: header x-api-key, body field token")
        .hasMessageContaining("{env: NAME}")
        .hasMessageNotContaining("hush");
  }

  @Test
  void everyReasonIsToldAtOnce() {
    assertThatThrownBy(() ->
            SharedPlan.check(
                plan(
                    "load: {rates: [5], passes: 2}",
                    "headers: {authorization: hush-hush}",
                    "stop: {error-rate: 10%}")))
        .hasMessageContaining("passes cannot be shared")
        .hasMessageContaining("only duration can be shared")
        .hasMessageContaining("header authorization");
  }

  private static Plan plan(String load, String strategy, String more) {
    return new PlanParser(new DatasetFolder(Path.of(".")), Set.of())
        .parse(
            "test.yaml",
            """
            experiment: shared
            workload:
              input-tokens: 20
              prompts: 10
              output-tokens: 8
            %s
            %s
            strategies:
              - name: s
                url: http://127.0.0.1:1/v1/completions
                model: m
                %s
            """
                .formatted(load, more, strategy));
  }
}
