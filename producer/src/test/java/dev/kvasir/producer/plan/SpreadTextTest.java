package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kvasir.producer.arrival.ThinkTime;
import dev.kvasir.producer.spread.Spread;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.producer.workload.TextDatasets;
import dev.kvasir.producer.workload.TokenRange;
import dev.kvasir.producer.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths and pauses that are drawn, as plans write them. */
class SpreadTextTest {

  @ParameterizedTest
  @CsvSource({
    "512, 512",
    "200..800, 200..800",
    "normal 512 sd 128, normal 512 sd 128",
    "normal 512.50 sd 0.5 in 400..600, normal 512.5 sd 0.5 in 400..600",
    "lognormal 512 sd 128 in 1..4096, lognormal 512 sd 128 in 1..4096",
    "lognormal 512 sd 128 plus 256 in 257..9000, lognormal 512 sd 128 plus 256 in 257..9000",
    "exponential 100, exponential 100"
  })
  void lengths_are_read_and_written(String text, String written) {
    TokenRange read = Value.TOKENS.parser().apply(text);

    assertThat(read.text()).isEqualTo(written);
    assertThat(Value.TOKENS.parser().apply(written)).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, 0.5s",
    "1s..5s, 1s..5s",
    "normal 2s sd 500ms, normal 2s sd 0.5s",
    "lognormal 2s sd 1s in 100ms..1m, lognormal 2s sd 1s in 0.1s..60s",
    "exponential 2s plus 1s, exponential 2s plus 1s"
  })
  void think_times_are_read_and_written(String text, String written) {
    ThinkTime read = Value.THINK_TIME.parser().apply(text);

    assertThat(read.text()).isEqualTo(written);
    assertThat(Value.THINK_TIME.parser().apply(written)).isEqualTo(read);
  }

  @Test
  void what_is_read_is_what_is_meant() {
    assertThat(Value.TOKENS.parser().apply("lognormal 512 sd 128 in 2..99"))
        .as("a mean beyond its bounds")
        .isNull();
    assertThat(Value.TOKENS.parser().apply("lognormal 512 sd 128 in 1..999"))
        .isEqualTo(new TokenRange(1, 999, new Spread.LogNormal(512, 128, 0)));
    assertThat(Value.TOKENS.parser().apply("normal 512 sd 128").max()).isBetween(1500, 1600);
    assertThat(Value.THINK_TIME.parser().apply("1s..5s"))
        .isEqualTo(new ThinkTime(Duration.ofSeconds(1), Duration.ofSeconds(5), new Spread.Even()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "normal 512",
        "normal 512 sd 0",
        "normal 512 sd 1 plus 2",
        "exponential 5 sd 1",
        "exponential 0",
        "gaussian 5 sd 1",
        "normal 512 sd 128 in 600..700",
        "normal 512 sd 128 in 0..700",
        "normal 512 sd 128 in 1.5..700",
        "normal 5s sd 1s"
      })
  void what_is_no_distribution_of_lengths_is_refused(String text) {
    assertThat(Value.TOKENS.parser().apply(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2", "5s..1s", "normal 2s", "exponential 0s", "exponential 2", "normal 2s sd 1"})
  void what_is_no_think_time_is_refused(String text) {
    assertThat(Value.THINK_TIME.parser().apply(text)).isNull();
  }

  @Test
  void a_plan_takes_them_everywhere() {
    Plan plan =
        plan(
            """
            workload:
              kind: sessions
              turns: exponential 4 in 1..20
              input-tokens: lognormal 60 sd 30
              output-tokens: normal 40 sd 10 in 10..80
              prompts: 400
            load: {concurrency: 4, think-time: exponential 2s in 0s..20s}
            """);
    RunSpec run = Matrix.of(plan).runs().getFirst();

    assertThat(run.loadPoint()).isEqualTo("concurrency=4-think=exponential-2s-in-0s..20s");
    List<Long> waits = List.of(run.pauses().applyAsLong(0), run.pauses().applyAsLong(1));
    assertThat(waits).doesNotHaveDuplicates().allMatch(wait -> wait > 0 && wait <= 20e9);
    List<Prompt> prompts =
        run.prompts(Workload.load(plan.workload(), new TextDatasets(Map.of()))).measured();
    assertThat(prompts).allMatch(each -> each.outputTokens() >= 10 && each.outputTokens() <= 80);
    assertThat(prompts.stream().mapToInt(Prompt::outputTokens).average().orElseThrow())
        .as("within four standard errors")
        .isBetween(38.0, 42.0);
    assertThat(parse(PlanText.of(plan))).isEqualTo(plan);
  }

  @Test
  void a_suffix_is_drawn_after_what_a_group_shares() {
    Plan plan =
        plan(
            """
            workload:
              prefix-groups: 2
              prefix-tokens: 100
              suffix-tokens: exponential 50
              prompts: 300
            load: {rates: 4}
            """);
    List<Prompt> prompts =
        Matrix.of(plan)
            .runs()
            .getFirst()
            .prompts(Workload.load(plan.workload(), new TextDatasets(Map.of())))
            .measured();

    assertThat(prompts).allMatch(each -> each.promptTokens() > 100);
    assertThat(prompts.stream().mapToInt(Prompt::promptTokens).average().orElseThrow())
        .as("within four standard errors")
        .isBetween(138.0, 162.0);
    assertThat(parse(PlanText.of(plan))).isEqualTo(plan);
  }

  @Test
  void what_is_wrong_is_said_with_what_is_right() {
    InvalidPlanException refused =
        catchThrowableOfType(
            InvalidPlanException.class,
            () ->
                plan(
                    """
                    workload: {input-tokens: normal 512, prompts: 10}
                    load: {concurrency: 4, think-time: gamma 2s}
                    """));

    assertThat(refused.getMessage())
        .contains("workload.input-tokens is normal 512", "normal 512 sd 128")
        .contains("load.think-time is gamma 2s", "exponential 2s");
  }

  private static Plan plan(String body) {
    return parse(
        "experiment: e\nrepeats: 1\nstrategies: [{name: s, simulate: recompute}]\n" + body);
  }

  private static Plan parse(String yaml) {
    return new PlanParser(new TextDatasets(Map.of()), Set.of()).parse("plan.yaml", yaml);
  }
}
