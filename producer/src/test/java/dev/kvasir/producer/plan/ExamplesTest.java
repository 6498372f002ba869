package dev.kvasir.producer.plan;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.kvasir.producer.workload.TextDatasets;
import dev.kvasir.producer.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExamplesTest {

  private static final Path ROOT = Path.of("..");
  private static final Path SCHEMA = ROOT.resolve("docs/plan.schema.json");
  private static final TextDatasets DATASETS =
      new TextDatasets(
          Map.of(
              "/data/ShareGPT_V3_unfiltered_cleaned_split.json",
              "[{\"conversations\": []}]",
              "/data/lines.jsonl",
              "\"One\""));
  private static final PlanParser PARSER =
      new PlanParser(
          DATASETS,
          Set.of(
              "recompute",
              "hbm-prefix",
              "kv-fp8",
              "small-hbm",
              "qwen3-0.6b-l4",
              "qwen3-8b-l4",
              "qwen3-30b-a3b-rtx5090",
              "gpt-oss-120b-offload",
              "deepseek-r1-h200",
              "opt-13b-a100"));
  private static final YAMLMapper YAML = new YAMLMapper();

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void an_example_is_a_plan_for_the_parser_and_for_the_schema(Path example) throws IOException {
    String yaml = Files.readString(example);

    assertThat(schemaErrors(yaml)).isEmpty();
    Plan plan = PARSER.parse(example.getFileName().toString(), yaml);
    assertThat(schemaErrors(PlanText.of(plan))).isEmpty();
    if (yaml.contains("\nquick:")) {
      Plan quick = PARSER.parse(example.getFileName().toString(), yaml, Map.of(), true);
      assertThat(quick.experiment()).isEqualTo(plan.experiment() + "-quick");
      assertThat(schemaErrors(PlanText.of(quick))).isEmpty();
      assertThat(Matrix.of(quick).scheduledDuration()).isLessThan(Duration.ofSeconds(100));
    }
  }

  @Test
  void the_examples_are_there() throws IOException {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void the_quickstart_is_three_strategies_twice_loaded_and_three_times_repeated_in_short_runs()
      throws IOException {
    String yaml = Files.readString(ROOT.resolve("examples/quickstart.yaml"));

    Plan plan = PARSER.parse("quickstart.yaml", yaml);
    Matrix matrix = Matrix.of(plan);

    assertThat(matrix.runs()).hasSize(3 * 2 * 3);
    assertThat(matrix.scheduledDuration()).isLessThan(Duration.ofSeconds(70));
    assertThat(PublishableRules.missedBy(plan)).isEmpty();
    assertThat(
            matrix.runs().getFirst().prompts(Workload.load(plan.workload(), DATASETS)).measured())
        .hasSize(plan.workload().prompts());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repeat: 5",
        "repeats: 0",
        "timeout: 5",
        "timeout: 0s",
        "order: random",
        "slo: {ttft: 125}",
        "slo: {target: 0.9}",
        "warm-up: {requests: -1}",
        "record-text: maybe",
        "search: {from: 1, to: 2}",
        "search: {from: 1, to: 2, target: 90%}",
        "stop: {error-rate: 0.1}",
        "stop: {duration: 5}",
        "vary: {x: []}",
        "load: {}",
        "load: {rates: []}",
        "load: {rates: -5}",
        "load: {rates: fast}",
        "load: {concurrency: 4, arrivals: constant}",
        "load: {concurrency: 4, rounds: 2}",
        "load: {rates: 4, max-rate: 2}",
        "load: {rates: 4, pause: 2s}",
        "load: {rates: 4, passes: 0}",
        "load: {rates: 4, duration: 0s}",
        "load: {ramp: {from: 1}}",
        "load: {ramp: {shape: steep, from: 1, to: 2}}",
        "load: {ramp: {from: 0, to: 2}}",
        "load: {steps: []}",
        "load: {steps: [{rate: 1}]}",
        "load: {steps: [{rate: -1, for: 1s}]}",
        "load: {trace-speed: 0}",
        "load: {burst: 0}",
        "load: {rates: 4, prompts: {4: 0}}",
        "workload: {}",
        "workload: {file: lines.jsonl, prefix-groups: 4}",
        "workload: {input-tokens: 10, prefix-groups: 4}",
        "workload: {input-tokens: 10, file: lines.jsonl}",
        "workload: {file: lines.jsonl, ignore-eos: true}",
        "strategies: []",
        "strategies: [{name: a}]",
        "strategies: [{name: a b, simulate: recompute}]",
        "strategies: [{name: a, simulate: recompute, url: 'http://h/v1/completions'}]",
        "strategies: [{name: a, simulate: recompute, protocol: grpc}]",
        "alerts: [{name: a, metric: m}]",
        "alerts: [{name: a, metric: m, above: 1, below: 2}]",
        "thresholds: {gc: 1ms}"
      })
  void the_schema_refuses_what_the_parser_refuses(String line) throws IOException {
    String yaml =
        """
        experiment: a
        workload: {file: lines.jsonl}
        load: {rates: 1}
        strategies: [{name: a, simulate: recompute}]
        """;
    String wrong =
        yaml.replaceFirst("(?m)^" + line.substring(0, line.indexOf(':')) + ":.*\n", "") + line;

    assertThat(schemaErrors(yaml)).isEmpty();
    assertThat(schemaErrors(wrong)).isNotEmpty();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> PARSER.parse("plan.yaml", wrong))
        .isInstanceOf(InvalidPlanException.class);
  }

  @Test
  void schema_documentation_and_parser_know_the_same_keys() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(Files.readString(SCHEMA));
    String documentation = Files.readString(ROOT.resolve("docs/plan.md"));
    Map<String, List<String>> known =
        Map.ofEntries(
            entry("/properties", PlanReader.KEYS),
            entry("/properties/warm-up/properties", PlanReader.WARM_UP_KEYS),
            entry("/properties/search/properties", SearchReader.KEYS),
            entry("/properties/stop/properties", PlanReader.STOP_KEYS),
            entry("/$defs/slo/properties", PlanReader.SLO_KEYS),
            entry("/$defs/thresholds/properties", PlanReader.THRESHOLD_KEYS),
            entry("/$defs/workload/properties", WorkloadReader.KEYS),
            entry("/$defs/load/properties", LoadReader.KEYS),
            entry("/$defs/ramp/properties", RateReader.RAMP_KEYS),
            entry("/$defs/step/properties", RateReader.STEP_KEYS),
            entry("/$defs/strategy/properties", StrategyReader.KEYS),
            entry(
                "/$defs/strategy/properties/simulate/anyOf/1/properties",
                StrategyReader.SIMULATE_KEYS),
            entry("/$defs/alert/properties", AlertReader.KEYS));

    known.forEach((pointer, keys) -> {
      List<String> names = new ArrayList<>();
      schema.at(pointer).fieldNames().forEachRemaining(names::add);
      assertThat(names).as(pointer).containsExactlyInAnyOrderElementsOf(keys);
      assertThat(keys).allMatch(key -> documentation.contains("`" + key + "`"));
    });
  }

  private static List<Error> schemaErrors(String yaml) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(SCHEMA), InputFormat.JSON);
    return schema.validate(YAML.readTree(yaml).toString(), InputFormat.JSON);
  }
}
