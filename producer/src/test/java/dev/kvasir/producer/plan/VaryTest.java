package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kvasir.producer.workload.TextDatasets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters that vary, and values that are set from outside. */
class VaryTest {

  private static final String PLAN =
      """
      experiment: e
      seed: 3
      repeats: 2
      vary:
        model: [org/A, B]
        seqs: [8, 32]
        length: [20, 40]
        unloved: 1
      model: ${model}
      workload: {input-tokens: "${length}", prompts: 10}
      load: {rates: 4}
      strategies:
        - name: sim
          simulate: {profile: small, set: {scheduler.max-sequences: "${seqs}"}}
          body: {n: "${unloved}"}
        - name: real
          url: http://host:8000/v1/completions
          model: C
      """;

  @Test
  void a_strategy_comes_once_for_each_combination_of_what_matters_to_it() {
    assertThat(cells(parse(PLAN)))
        .containsExactly(
            "sim model=org/A seqs=8 length=20 unloved=1 rate=4",
            "sim model=org/A seqs=8 length=40 unloved=1 rate=4",
            "sim model=org/A seqs=32 length=20 unloved=1 rate=4",
            "sim model=org/A seqs=32 length=40 unloved=1 rate=4",
            "sim model=B seqs=8 length=20 unloved=1 rate=4",
            "sim model=B seqs=8 length=40 unloved=1 rate=4",
            "sim model=B seqs=32 length=20 unloved=1 rate=4",
            "sim model=B seqs=32 length=40 unloved=1 rate=4",
            "real length=20 rate=4",
            "real length=40 rate=4");
  }

  @Test
  void values_are_filled_in() {
    RunSpec run = Matrix.of(parse(PLAN)).runs().getFirst();

    assertThat(run.parameters())
        .isEqualTo(Map.of("model", "org/A", "seqs", "8", "length", "20", "unloved", "1"));
    assertThat(run.strategy().model()).isEqualTo("org/A");
    assertThat(run.strategy().target())
        .isEqualTo(new Target.Simulated("small", Map.of("scheduler.max-sequences", "8")));
    assertThat(run.variant().workload().source().toString()).contains("20");
    assertThat(run.idStem()).isEqualTo("e-sim-model=org-a-seqs=8-length=20-unloved=1-rate=4-r1");
  }

  @Test
  void a_server_is_told_apart_by_what_it_depends_on() {
    Plan plan = parse(PLAN);

    assertThat(plan.servers().stream().map(Variant::server))
        .containsExactly(
            "sim-model=org-a-seqs=8-unloved=1",
            "sim-model=org-a-seqs=32-unloved=1",
            "sim-model=b-seqs=8-unloved=1",
            "sim-model=b-seqs=32-unloved=1",
            "real");
    assertThat(plan.workloads()).hasSize(2);
    assertThat(Matrix.of(plan).serverStarts()).isEqualTo(4);
  }

  @Test
  void seeds_do_not_depend_on_parameters() {
    List<RunSpec> runs = Matrix.of(parse(PLAN)).runs();

    assertThat(runs.stream().filter(run -> run.repeat() == 1).map(RunSpec::seed).distinct())
        .hasSize(1);
  }

  @Test
  void a_varied_plan_that_is_written_out_is_read_as_the_same() {
    Plan plan = parse(PLAN);

    assertThat(parse(PlanText.of(plan))).isEqualTo(plan);
  }

  @Test
  void amounts_of_kv_cache_are_parameters_of_the_cell() {
    Plan plan =
        parse(
            """
            experiment: e
            repeats: 1
            workload: {input-tokens: 100, kv-bytes-per-token: 1KiB, kv-bytes: [1MB, 2MB]}
            load: {rates: 4}
            strategies: [{name: s, simulate: small}]
            """);

    assertThat(cells(plan)).containsExactly("s kv-bytes=1MB rate=4", "s kv-bytes=2MB rate=4");
    assertThat(Matrix.of(plan).runs().stream().map(run -> run.requests().orElse(0)))
        .containsExactly(10, 20);
    assertThat(plan.servers()).hasSize(1);
    assertThat(parse(PlanText.of(plan))).isEqualTo(plan);
  }

  private static final String PER_CELL =
      """
      experiment: e
      repeats: 1
      vary: {len: [20, 40], args: [-a 1, -b]}
      workload: {input-tokens: "${len}", prompts: 10}
      load: {rates: [2, 4], prompts: %s}
      strategies:
        - {name: a, simulate: {profile: small, set: {x: "${args}"}}}
        - {name: b, simulate: small}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{len=40: 5} | 10 10 10 10 5 5 5 5 10 10 5 5",
        "{4: 6, len=40: 5, len=40 rate=4: 7} | 10 6 10 6 5 7 5 7 10 6 5 7",
        "{rate=4 len=40: 7} | 10 10 10 10 10 7 10 7 10 10 10 7",
        "{args=-a 1 len=20: 3, b: 4} | 3 3 10 10 10 10 10 10 4 4 4 4"
      })
  void prompts_are_set_for_cells_by_words_of_their_names(String prompts, String expected) {
    Plan plan = parse(PER_CELL.formatted(prompts));

    assertThat(
            plan.variants().stream()
                .flatMap(
                    variant -> plan.loads().stream().map(load -> "" + plan.prompts(variant, load))))
        .containsExactly(expected.split(" "));
    assertThat(Matrix.of(plan).runs())
        .allMatch(run -> run.prompts() == plan.prompts(run.variant(), run.load()));
    assertThat(parse(PlanText.of(plan))).isEqualTo(plan);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{len=30: 5} | load.prompts.len=30 names nothing of a cell",
        "{len=20 len=40: 5} | load.prompts.len=20 len=40 names no cell",
        "{b args=-b: 5} | load.prompts.b args=-b names no cell",
        "{len=20: many} | load.prompts.len=20 is many",
        "{len=40: 5, 4: 6} | says 5 (len=40) and 6 (rate=4) of the cell",
        "{len=40: 5, 4: 6} | naming both: \"len=40 rate=4\""
      })
  void what_names_no_cell_or_contradicts_is_said(String prompts, String said) {
    assertThat(problems(PER_CELL.formatted(prompts))).contains(said);
  }

  @Test
  void prompts_of_a_search_are_set_by_parameters() {
    String search =
        PER_CELL.replace("load: {rates: [2, 4], ", "search: {from: 1, to: 4}\nload: {")
            + "slo: {ttft: 1s, target: 90%%}\n";
    Plan plan = parse(search.formatted("{len=40: 5}"));

    assertThat(plan.variants().stream().map(each -> plan.prompts(each, plan.search().at(3))))
        .containsExactly(10, 10, 5, 5, 10, 5);
    assertThat(parse(PlanText.of(plan))).isEqualTo(plan);
    assertThat(problems(search.formatted("{2: 5}"))).contains("load.prompts.2 names nothing");
  }

  @Test
  void secrets_are_not_written_out() {
    Plan plan =
        parse(
            PLAN.replace(
                "    model: C",
                "    model: C\n    headers: {authorization: Bearer abc, x-team: abc}"));

    assertThat(PlanText.of(plan)).doesNotContain("abc").contains("***").contains("${seqs}");
  }

  @Test
  void what_is_varied_must_be_named_somewhere() {
    assertThat(problems(PLAN.replace("seqs: [8", "sqs: [8")))
        .contains("plan.yaml:6")
        .contains("names the parameter ${sqs}")
        .contains("seqs");
    assertThat(problems(PLAN.replace("[8, 32]", "[8, 8]"))).contains("vary.seqs has a value twice");
  }

  @Test
  void a_value_that_does_not_fit_is_said_once() {
    assertThat(problems(PLAN.replace("[20, 40]", "[20, short]")))
        .containsOnlyOnce("workload.input-tokens is short");
  }

  @Test
  void what_servers_are_started_with_names_parameters_too() {
    PlanNode node =
        YamlTree.read(
            "x",
            "{url: \"${port}\", serve: {command: \"run ${a}\", parameters: {prefill: 1}}}",
            new Problems(name -> name));

    assertThat(Parameters.usedWithServers(node)).containsExactlyInAnyOrder("port", "a", "prefill");
    assertThat(Parameters.used(node)).containsExactly("port");
    assertThat(Parameters.fill(node, Map.of("port", "1", "a", "2")).toString())
        .contains("text=1")
        .contains("run ${a}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "repeats=1 load.rates=5,inf length=20 | real length=20 rate=5, real length=20 rate=inf",
        "repeats=1 load.rates=[7] length=30 | real length=30 rate=7",
        "strategies.real.name=other length=9 | other length=9 rate=4",
        "strategies.1.name=third length=9 | third length=9 rate=4"
      })
  void values_are_set_from_outside(String settings, String expected) {
    Plan plan =
        new PlanParser(new TextDatasets(Map.of()), Set.of()).parse("p", PLAN, map(settings));

    assertThat(cells(plan).stream().filter(cell -> !cell.startsWith("sim")))
        .containsExactly(expected.split(", "));
  }

  @Test
  void a_setting_that_fits_nothing_is_a_problem() {
    assertThat(problems(PLAN, "strategies.rael.gpus=1"))
        .contains("--set strategies.rael.gpus: nothing there is called `rael`")
        .contains("real");
    assertThat(problems(PLAN, "sqes=1")).contains("names the parameter ${sqes}").contains("seqs");
    assertThat(problems(PLAN, "load.rats=1")).contains("--set load.rats").contains("rates");
    assertThat(problems(PLAN, "repeats.x=1")).contains("set that as a whole");
  }

  private static List<String> cells(Plan plan) {
    return Matrix.of(plan).runs().stream().map(RunSpec::cell).distinct().toList();
  }

  private static Map<String, String> map(String settings) {
    Map<String, String> map = new LinkedHashMap<>();
    Stream.of(settings.split(" "))
        .map(each -> each.split("=", 2))
        .forEach(each -> map.put(each[0], each[1]));
    return map;
  }

  private static String problems(String yaml, String... settings) {
    return catchThrowableOfType(
            InvalidPlanException.class,
            () ->
                new PlanParser(new TextDatasets(Map.of()), Set.of())
                    .parse(
                        "plan.yaml",
                        yaml,
                        map(
                            String.join(" ", settings).isEmpty()
                                ? "seed=3"
                                : String.join(" ", settings))))
        .getMessage();
  }

  private static Plan parse(String yaml) {
    return new PlanParser(new TextDatasets(Map.of()), Set.of()).parse("plan.yaml", yaml);
  }
}
