package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.workload.TextDatasets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTextTest {

  private static final PlanParser PARSER =
      new PlanParser(new TextDatasets(Map.of("/data/chats.json", "[]")), Set.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        experiment: a
        seed: -3
        slo: {ttft: 0.5ms, tpot: 40us, target: 99.9%}
        workload: {kind: sharegpt, file: chats.json, output-tokens: 5, ignore-eos: on}
        load: {rates: [0.00001, 2.5, inf], burstiness: 0.3, max-in-flight: 3, concurrency: [1, 2]}
        strategies:
          - {name: a, simulate: {profile: p, set: {k: "1e3"}}, labels: {x: "true", y: "", z: "0x1"}}
          - {name: b, url: "https://h/v1/chat/completions", model: "null", gpus: 0,
             body: {a: null, b: "null", c: [1, 2.5, {d: false}], e: "1"}}
        alerts:
          - {name: r, metric: m, below: -1.5, window: run, for: 90s}
        timeout: 26h
        """,
        """
        experiment: a
        workload: {kind: prompts, file: chats.json, lenient: true, shuffle: false, reason: "x: #y"}
        load: {rates: 1, arrivals: constant}
        strategies: [{name: a, simulate: p}]
        """,
        """
        experiment: a
        order: blocked
        workload: {input-tokens: 40..50, output-tokens: 3..4, prefix-groups: 2, prefix-tokens: 9}
        load: {concurrency: 7}
        strategies: [{name: a, simulate: p}]
        """
      })
  void a_plan_that_is_written_and_parsed_is_the_same(String yaml) {
    Plan plan = PARSER.parse("plan.yaml", yaml);

    assertThat(PARSER.parse("text", PlanText.of(plan))).isEqualTo(plan);
  }

  @Test
  void secrets_are_removed_and_the_rest_stays() {
    Plan plan =
        PARSER.parse(
            "plan.yaml",
            """
            experiment: a
            workload: {input-tokens: 5}
            load: {rates: 1}
            strategies:
              - name: a
                simulate: p
                headers: {Authorization: Bearer abc, X-API-Key: def, X-Team: blue, Accept: text/plain}
                body: {api_key: ghi, max_completion_tokens: 9, nested: {password: jkl}}
            """);

    assertThat(PlanText.of(plan))
        .doesNotContain("abc", "def", "ghi", "jkl", "blue")
        .contains(
            "Authorization: '***'",
            "X-Team: '***'",
            "Accept: text/plain",
            "max_completion_tokens: 9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "vary: {n: [5, 6]}\n"})
  void what_is_asked_beside_the_requests_is_recorded_without_secrets(String varied) {
    Plan plan =
        PARSER.parse(
            "plan.yaml",
            varied
                + """
                experiment: a
                workload: {input-tokens: "%s"}
                load: {rates: 1}
                cache: {reset: [{url: "/reset?pass=abc"}]}
                strategies:
                  - name: a
                    url: http://h:1/v1/completions
                    model: m
                    metrics: ["http://h:1/metrics?token=def", "http://h:2/metrics"]
                    gpu: {dcgm: "http://h:3/metrics?key=ghi"}
                    reset: [{url: "http://h:4/reset?x=jkl", method: PUT}, {command: "curl --token mno h"}]
                """
                    .formatted(varied.isEmpty() ? "5" : "${n}"));

    assertThat(PlanText.of(plan))
        .doesNotContain("abc", "def", "ghi", "jkl", "mno")
        .contains("http://h:1/metrics?***", "http://h:2/metrics", "http://h:4/reset?***", "PUT");
    assertThat(PARSER.parse("text", PlanText.of(plan)).strategies())
        .hasSameSizeAs(plan.strategies());
  }

  @ParameterizedTest
  @CsvSource({
    "125000000, 125ms",
    "0, 0ns",
    "1500, 1500ns",
    "2000, 2us",
    "60000000000, 1m",
    "90000000000, 90s",
    "259200000000000, 72h"
  })
  void durations_are_written_exactly(long nanos, String text) {
    assertThat(PlanText.duration(Duration.ofNanos(nanos))).isEqualTo(text);
    assertThat(Value.DURATION.parser().apply(text)).isEqualTo(Duration.ofNanos(nanos));
  }
}
