package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.workload.Source;
import dev.kvasir.producer.workload.TextDatasets;
import dev.kvasir.producer.workload.TokenRange;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanParserTest {

  private static final PlanParser PARSER =
      new PlanParser(
          new TextDatasets(
              Map.of(
                  "/data/chats.json", "[{\"conversations\": []}]", "/data/lines.jsonl", "\"One\"")),
          Set.of("recompute", "hbm-prefix"));

  private static final String WHOLE =
      """
      experiment: kv-offload
      seed: 42
      repeats: 5
      order: blocked
      slo: {ttft: 125ms, tpot: 0.2s, target: 90%}
      model: M
      workload:
        kind: sharegpt
        file: chats.json
        prompts: 2000
        output-tokens: 512
        ignore-eos: true
        shuffle: off
        lenient: on
      load:
        rates: [2.5, 10, inf]
        burstiness: 0.5
        max-in-flight: 64
        concurrency: 16
      strategies:
        - name: recompute
          url: http://host:8000/v1/completions
          labels: {medium: none, bandwidth: 400}
          gpus: 1
          headers: {Authorization: Bearer secret}
          body: {temperature: 0, top_p: 0.5, stop: ["\\n", null], tag: "7", deep: {on: true}}
        - name: simulated
          model: other
          protocol: openai-chat
          simulate:
            profile: hbm-prefix
            set: {kv.blocks: 100}
      warm-up: {requests: 3}
      timeout: 72h
      record-text: true
      alerts:
        - {name: slow, metric: ttft_p99_ms, above: 125, window: 60s, for: 5s}
        - {name: failing, metric: success_rate, below: 0.99, window: run}
      thresholds: {dispatch-lag: 2ms}
      """;

  @Test
  void every_key_becomes_its_value() {
    Plan plan = PARSER.parse("plan.yaml", WHOLE);

    assertThat(plan.experiment()).isEqualTo("kv-offload");
    assertThat(plan.seed()).isEqualTo(42);
    assertThat(plan.repeats()).isEqualTo(5);
    assertThat(plan.order()).isEqualTo(RunOrder.BLOCKED);
    assertThat(plan.objective())
        .isEqualTo(new Objective(Duration.ofMillis(125), Duration.ofMillis(200), 0.9));
    assertThat(plan.workload())
        .isEqualTo(
            new WorkloadSpec(
                new Source.ShareGpt("/data/chats.json", false, true),
                2000,
                TokenRange.exactly(512),
                true,
                null));
    ArrivalProcess gamma = new ArrivalProcess.Gamma(0.5);
    assertThat(plan.loads())
        .containsExactly(
            new LoadPoint.Open(gamma, 2.5, 64),
            new LoadPoint.Open(gamma, 10, 64),
            new LoadPoint.Open(gamma, Double.POSITIVE_INFINITY, 64),
            new LoadPoint.Closed(16));
    assertThat(plan.warmUpRequests()).isEqualTo(3);
    assertThat(plan.timeout()).isEqualTo(Duration.ofHours(72));
    assertThat(plan.recordText()).isTrue();
    assertThat(plan.alerts())
        .containsExactly(
            new AlertCondition("slow", "ttft_p99_ms", true, 125, 60, Duration.ofSeconds(5), null),
            new AlertCondition("failing", "success_rate", false, 0.99, 0, Duration.ZERO, null));
    assertThat(plan.thresholds().dispatchLag()).isEqualTo(Duration.ofMillis(2));
    assertThat(plan.thresholds().gcPause()).isEqualTo(Thresholds.DEFAULT.gcPause());
  }

  @Test
  void strategies_are_read_whole() {
    List<Strategy> strategies = PARSER.parse("plan.yaml", WHOLE).strategies();

    Strategy first = strategies.get(0);
    assertThat(first.target()).isEqualTo(new Target.Remote("http://host:8000/v1/completions"));
    assertThat(first.model()).isEqualTo("M");
    assertThat(first.protocol()).isEqualTo(Protocol.OPENAI_COMPLETIONS);
    assertThat(first.gpus()).isEqualTo(1);
    assertThat(first.labels()).containsExactly(entry("medium", "none"), entry("bandwidth", "400"));
    assertThat(first.headers()).containsExactly(entry("Authorization", "Bearer secret"));
    assertThat(first.body().toString())
        .isEqualTo("{temperature=0, top_p=0.5, stop=[\n, null], tag=7, deep={on=true}}");
    assertThat(first.body().get("temperature")).isEqualTo(0L);
    assertThat(first.body().get("tag")).isEqualTo("7");
    assertThat(first.body().get("deep")).isEqualTo(Map.of("on", true));
    Strategy second = strategies.get(1);
    assertThat(second.target())
        .isEqualTo(new Target.Simulated("hbm-prefix", Map.of("kv.blocks", "100")));
    assertThat(second.model()).isEqualTo("other");
    assertThat(second.protocol()).isEqualTo(Protocol.OPENAI_CHAT);
    assertThat(second.gpus()).isNull();
  }

  @Test
  void what_is_not_said_has_its_documented_default() {
    Plan plan =
        PARSER.parse(
            "plan.yaml",
            """
            experiment: small
            workload: {file: lines.jsonl}
            load: {rates: 1}
            strategies: [{name: a, simulate: recompute}]
            """);

    assertThat(plan.seed()).isZero();
    assertThat(plan.repeats()).isEqualTo(3);
    assertThat(plan.order()).isEqualTo(RunOrder.INTERLEAVED);
    assertThat(plan.objective()).isEqualTo(new Objective(null, null, null));
    assertThat(plan.workload().source())
        .isEqualTo(new Source.PromptFile("/data/lines.jsonl", true, false));
    assertThat(plan.workload().prompts()).isEqualTo(1000);
    assertThat(plan.workload().outputTokens()).isNull();
    assertThat(plan.loads())
        .containsExactly(new LoadPoint.Open(new ArrivalProcess.Poisson(), 1, null));
    assertThat(plan.strategies().getFirst().model()).isEqualTo("simulated");
    assertThat(plan.warmUpRequests()).isEqualTo(8);
    assertThat(plan.timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(plan.recordText()).isFalse();
    assertThat(plan.alerts()).isEmpty();
    assertThat(plan.thresholds()).isEqualTo(Thresholds.DEFAULT);
  }

  @Test
  void the_kind_of_a_file_is_recognised() {
    assertThat(
            PARSER.parse("plan.yaml", planWith("workload: {file: chats.json}")).workload().source())
        .isEqualTo(new Source.ShareGpt("/data/chats.json", true, false));
  }

  @Test
  void all_problems_are_reported_at_once_each_with_its_line() {
    String yaml =
        """
        experiment: bad name
        repeats: 0
        promts: 10
        slo:
          ttft: 125
          target: 0.9
        workload:
          kind: sharegpt
          file: missing.json
          prefix-group: 3
        load:
          rates:
            - 2.5
            - -5
        strategies:
          - name: one
            url: http://host:8000/v1/completions
          - name: one
            simulate: recomputed
        """;

    assertThat(problems(yaml))
        .containsExactlyInAnyOrder(
            "plan.yaml:1: experiment is bad name; it must be a name of at most 64 letters,"
                + " digits, dots, underscores and dashes",
            "plan.yaml:2: repeats is 0; it must be a whole number of at least 1",
            "plan.yaml:3: `promts` is not a key of a plan; known are experiment, quick, seed, repeats,"
                + " order, slo, model, vary, workload, load, search, strategies, stop, warm-up, timeout, record-text,"
                + " alerts, cache, thresholds",
            "plan.yaml:5: slo.ttft is 125; it must be a duration above 0 with its unit, such as"
                + " 125ms, 2s, 5m or 72h",
            "plan.yaml:6: slo.target is 0.9; it must be a percentage above 0% and at most 100%,"
                + " such as 90%",
            "plan.yaml:9: workload.file is missing.json, and there is no such file at"
                + " /data/missing.json; give the path of a file that can be read, relative to the"
                + " plan's folder",
            "plan.yaml:10: `prefix-group` is not a key of workload; did you mean"
                + " `prefix-groups`?",
            "plan.yaml:14: load.rates is -5; it must be above 0 requests per second, or inf",
            "plan.yaml:16: strategies[0].model is missing; give the model's name on the server",
            "plan.yaml:18: the name one is taken by plan.yaml:16; choose another",
            "plan.yaml:19: strategies[1].simulate is recomputed, and the simulator has no such"
                + " profile; did you mean `recompute`?");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "repeat: 5 | `repeat` is not a key of a plan; did you mean `repeats`?",
        "timeout: 5 minutes | timeout is 5 minutes; it must be a duration above 0",
        "timeout: 0s | timeout is 0s; it must be a duration above 0",
        "timeout: [5m] | timeout is a list; it must be a duration",
        "seed: abc | seed is abc; it must be a whole number",
        "order: random | order is random; it must be one of interleaved, alternating, blocked",
        "record-text: maybe | record-text is maybe; it must be true or false",
        "slo: 125ms | slo is 125ms; it must be a mapping with the keys ttft, tpot, target",
        "slo: {target: 190%} | slo.target is 190%; it must be a percentage",
        "warm-up: {requests: -1} | warm-up.requests is -1; it must be a whole number of at least 0",
        "alerts: {a: b} | alerts is a mapping; it must be a list",
        "alerts: [{name: a, metric: m}] | above and below are both missing; give one of them",
        "alerts: [{name: a, metric: m, above: 1, window: 5s}] | alerts[0].window is 5s; it must be",
        "thresholds: {gc-pause: 1} | thresholds.gc-pause is 1; it must be a duration",
      })
  void a_wrong_value_says_what_it_must_be(String line, String problem) {
    assertThat(problems(planWith(line))).singleElement().asString().contains(problem);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | kind and workload.file are missing; give a file",
        "{kind: sharegpt} | workload.file is missing; give the path",
        "{kind: share-gpt, file: chats.json} | workload.kind is share-gpt; it must be one of",
        "{kind: synthetic} | workload.input-tokens is missing; give a number of tokens",
        "{input-tokens: 10, file: lines.jsonl} | workload.input-tokens is given; leave it out",
        "{file: lines.jsonl, output-tokens: 5..9} | workload.output-tokens is 5..9; it must be one",
        "{file: lines.jsonl, ignore-eos: true} | workload.ignore-eos is set without",
        "{input-tokens: 9..5} | workload.input-tokens is 9..5; it must be a number of tokens",
        "{input-tokens: 10, prefix-groups: 2} | workload.prefix-groups is given without",
        "{input-tokens: 9, prefix-groups: 2, prefix-tokens: 9} | workload.prefix-tokens is 9; it",
        "{input-tokens: 9, lenient: true} | workload.lenient is given; leave it out",
        "{file: lines.jsonl, prompts: 0} | workload.prompts is 0; it must be a whole number",
      })
  void a_workload_that_does_not_fit_together_says_why(String workload, String problem) {
    assertThat(problems(planWith("workload: " + workload)))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | load.rates and load.concurrency are missing; give at least one rate",
        "{rates: []} | load.rates is an empty list; give at least one value",
        "{rates: [1, 1.0]} | rate=1 is given twice; repeat runs with `repeats`",
        "{rates: fast} | load.rates is fast; it must be above 0 requests per second",
        "{rates: 1, arrivals: gamma} | arrivals are gamma and load.burstiness is missing",
        "{rates: 1, arrivals: poisson, burstiness: 2} | load.burstiness is given; leave it out",
        "{concurrency: 4, arrivals: constant} | load.arrivals is given; leave it out",
        "{concurrency: 4, max-in-flight: 2} | load.max-in-flight is given; leave it out",
        "{concurrency: 0} | load.concurrency is 0; it must be a whole number of at least 1",
      })
  void a_load_that_does_not_fit_together_says_why(String load, String problem) {
    assertThat(problems(planWith("load: " + load))).singleElement().asString().contains(problem);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{simulate: recompute} | strategies[0].name is missing; give a name",
        "{name: a} | neither strategies[0].url nor strategies[0].simulate nor strategies[0].serve",
        "{name: a, url: 'http://h/v1/completions', simulate: recompute, model: m} | beside a server",
        "{name: a, url: 'host:8000', model: m} | strategies[0].url is host:8000; it must be an http",
        "{name: a, url: 'http://u:p@h/v1/completions', model: m} | url is http://***@h/v1/completions; it must be an http or https address with its path and without credentials",
        "{name: a, url: 'http://h/v1/completions?key=k', model: m} | url is http://h/v1/completions?***;",
        "{name: a, url: 'http://host:8000', model: m} | which names no known protocol; end it in",
        "{name: a, simulate: recompute, protocol: grpc} | strategies[0].protocol is grpc",
        "{name: a, simulate: recompute, gpus: one} | strategies[0].gpus is one; it must be a whole",
        "{name: a, simulate: recompute, headers: {'a b': c}} | the header `a b` cannot be sent",
        "{name: a, simulate: recompute, labels: {a: [b]}} | labels.a is a list; it must be a single",
        "{name: a, simulate: {set: {}}} | strategies[0].simulate.profile is missing",
      })
  void a_strategy_that_cannot_work_says_why(String strategy, String problem) {
    assertThat(problems(planWith("strategies: [" + strategy + "]")))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @Test
  void what_is_missing_is_named() {
    assertThat(problems("seed: 1"))
        .containsExactly(
            "plan.yaml:1: experiment is missing; give a name of at most 64 letters, digits, dots,"
                + " underscores and dashes",
            "plan.yaml:1: the workload is missing; say what to send: a file, or input-tokens",
            "plan.yaml:1: strategies are missing; give at least one, with a name and a url",
            "plan.yaml:1: the load is missing; give rates or concurrency");
  }

  @Test
  void text_that_is_not_yaml_is_a_problem_with_a_line() {
    assertThat(problems("experiment: a\n\tseed: 1"))
        .singleElement()
        .asString()
        .startsWith("plan.yaml:2: not YAML");
    assertThat(problems("")).singleElement().asString().contains("the plan is empty");
    assertThat(problems("just a text")).first().asString().contains("the plan is just a text");
    assertThat(problems(planWith("seed: 1\nseed: 2")))
        .singleElement()
        .asString()
        .contains("`seed` is given twice; keep this one or that of plan.yaml:5");
  }

  @Test
  void anchors_are_written_out_and_may_not_hold_themselves() {
    Plan plan =
        PARSER.parse(
            "plan.yaml",
            """
            experiment: a
            workload: {file: lines.jsonl}
            load: {rates: 1}
            strategies:
              - {name: a, simulate: recompute, labels: &labels {medium: none}}
              - {name: b, simulate: recompute, labels: *labels}
            """);

    assertThat(plan.strategies().get(1).labels()).containsExactly(entry("medium", "none"));
    assertThat(problems(planWith("slo: &self {ttft: *self, tpot: *self}")))
        .anyMatch(problem -> problem.contains("an anchor holds an alias of itself"));
  }

  private static Map.Entry<String, String> entry(String key, String value) {
    return Map.entry(key, value);
  }

  /** A sound plan in which the given lines replace those with their keys. */
  private static String planWith(String lines) {
    Map<String, String> sound =
        Map.of(
            "experiment", "a",
            "workload", "{file: lines.jsonl}",
            "load", "{rates: 1}",
            "strategies", "[{name: a, simulate: recompute}]");
    StringBuilder yaml = new StringBuilder();
    sound.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(entry -> !lines.startsWith(entry.getKey() + ":"))
        .forEach(entry -> yaml.append(entry.getKey() + ": " + entry.getValue() + "\n"));
    return yaml + lines + "\n";
  }

  private static List<String> problems(String yaml) {
    InvalidPlanException invalid =
        catchThrowableOfType(InvalidPlanException.class, () -> PARSER.parse("plan.yaml", yaml));
    assertThat(invalid).as("the plan is refused").isNotNull();
    assertThat(invalid.getMessage().lines()).hasSameSizeAs(invalid.problems());
    return invalid.problems().stream().map(Problem::text).toList();
  }
}
