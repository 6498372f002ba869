package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.kvasir.producer.workload.BenchmarkRules;
import dev.kvasir.producer.workload.KvSizing;
import dev.kvasir.producer.workload.PromptOrder;
import dev.kvasir.producer.workload.RecordFields;
import dev.kvasir.producer.workload.Source;
import dev.kvasir.producer.workload.TextDatasets;
import dev.kvasir.producer.workload.TokenRange;
import dev.kvasir.producer.workload.TraceFields;
import dev.kvasir.producer.workload.TraceTime;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadPlansTest {

  private static final String TRACE =
      """
      {"timestamp": 0, "input_length": 20, "output_length": 5, "hash_ids": [1, 2, 3]}
      {"timestamp": 9, "input_length": 20, "output_length": 5, "hash_ids": [1, 2, 4]}
      """;
  private static final PlanParser PARSER =
      new PlanParser(
          new TextDatasets(
              Map.of(
                  "/data/chats.json", "[{\"conversations\": []}]",
                  "/data/lines.jsonl", "{\"question\": \"One\"}",
                  "/data/trace.jsonl", TRACE,
                  "/data/rows.csv",
                      "{\"TIMESTAMP\": \"2023-01-01 00:00:00\", \"ContextTokens\": 3,"
                          + " \"GeneratedTokens\": 1}",
                  "/data/model/tokenizer.json", "{}")),
          Set.of("recompute"));

  @Test
  void sharegpt_may_follow_sglangs_rules() {
    assertThat(source("file: chats.json, rules: sglang, context-tokens: 4096"))
        .isEqualTo(
            new Source.ShareGpt("/data/chats.json", BenchmarkRules.SGLANG, 4096, true, false));
  }

  @Test
  void the_fields_of_a_file_may_have_names_of_their_own() {
    assertThat(source("file: lines.jsonl, fields: {prompt: question, answer: reply}"))
        .isEqualTo(
            new Source.PromptFile(
                "/data/lines.jsonl", new RecordFields("question", "reply", null), true, false));
  }

  @Test
  void lengths_may_be_drawn_around_a_number_by_either_tools_rules() {
    assertThat(source("input-tokens: 100, range-ratio: 0.25"))
        .isEqualTo(new Source.Synthetic(new TokenRange(75, 125), 0, 0));
    assertThat(source("input-tokens: 101, range-ratio: 0.5"))
        .isEqualTo(new Source.Synthetic(new TokenRange(50, 152), 0, 0));
    assertThat(source("input-tokens: 101, range-ratio: 0.5, rules: sglang"))
        .isEqualTo(new Source.Synthetic(new TokenRange(50, 101), 0, 0));
  }

  @Test
  void groups_have_an_order_a_popularity_and_a_number_of_prompts() {
    WorkloadSpec spec =
        workload(
            "prefix-groups: 4, prefix-tokens: 32, suffix-tokens: 8, prompts-per-group: 5,"
                + " order: tile, zipf: 1.1");

    assertThat(spec.source())
        .isEqualTo(new Source.Synthetic(TokenRange.exactly(40), 4, 32, PromptOrder.TILE, 1.1));
    assertThat(spec.prompts()).isEqualTo(20);
  }

  @Test
  void long_documents_are_asked_about_several_times() {
    WorkloadSpec spec =
        workload("documents: 20, document-tokens: 10000, question-tokens: 50, questions: 3");

    assertThat(spec.source()).isEqualTo(new Source.LongDocuments(20, 10_000, 50, PromptOrder.TILE));
    assertThat(spec.prompts()).isEqualTo(60);
  }

  @Test
  void sessions_may_be_counted_by_sessions_or_by_prompts() {
    WorkloadSpec spec =
        workload(
            "sessions: 5, turns: 4, input-tokens: 20..30, output-tokens: 10, prefix-tokens: 100,"
                + " history-tokens: 50, order: interleave");

    assertThat(spec.prompts()).isEqualTo(20);
    assertThat(spec.source())
        .isEqualTo(
            new Source.Sessions(
                TokenRange.exactly(4), new TokenRange(20, 30), 50, 1, 100, PromptOrder.INTERLEAVE));
    assertThat(workload("turns: 2..6, input-tokens: 20, output-tokens: 10, prompts: 77").prompts())
        .isEqualTo(77);
  }

  @Test
  void a_trace_needs_its_unit_and_its_block_size_and_has_as_many_prompts_as_it_has_requests() {
    WorkloadSpec spec = workload("file: trace.jsonl, time-unit: ms, block-tokens: 8");

    assertThat(spec.prompts()).isEqualTo(2);
    assertThat(spec.source())
        .isEqualTo(
            new Source.Trace("/data/trace.jsonl", TraceTime.MS, 8, TraceFields.USUAL, false));
    assertThat(problems("file: trace.jsonl"))
        .anyMatch(problem -> problem.contains("workload.time-unit is missing"))
        .anyMatch(problem -> problem.contains("workload.block-tokens is missing"));
    assertThat(problems("file: trace.jsonl, time-unit: ms, block-tokens: 16"))
        .anyMatch(problem -> problem.contains("3 blocks of 16 tokens for a prompt of 20"));
    assertThat(problems("file: trace.jsonl, time-unit: ms, block-tokens: 8, prompts: 3"))
        .anyMatch(problem -> problem.contains("has 2 requests"));
    assertThat(source("file: rows.csv, time-unit: date"))
        .isEqualTo(
            new Source.Trace("/data/rows.csv", TraceTime.DATE, null, TraceFields.USUAL, false));
    assertThat(problems("file: rows.csv, time-unit: date, block-tokens: 16"))
        .anyMatch(problem -> problem.contains("names no blocks"));
  }

  @Test
  void the_tokenizer_is_a_file_or_the_folder_of_one() {
    String folder = workload("input-tokens: 10, tokenizer: model").tokenizer();

    assertThat(folder).isEqualTo("/data/model/tokenizer.json");
    assertThat(workload("input-tokens: 10, tokenizer: model/tokenizer.json").tokenizer())
        .isEqualTo(folder);
    assertThat(workload("input-tokens: 10, tokenizer: cl100k").tokenizer()).isNull();
    assertThat(problems("input-tokens: 10, tokenizer: qwen"))
        .anyMatch(problem -> problem.contains("workload.tokenizer is qwen"));
  }

  @Test
  void an_amount_of_kv_cache_decides_the_number_of_prompts_and_makes_cells_of_its_own() {
    Plan plan =
        plan(
            "input-tokens: 1000, kv-bytes: [1GB, 16GiB],"
                + " model-shape: {layers: 36, kv-heads: 8, head-dim: 128}");

    assertThat(plan.workloads()).extracting(WorkloadSpec::prompts).containsExactly(7, 117);
    assertThat(Matrix.of(plan).runs())
        .extracting(RunSpec::cell)
        .contains("a kv-bytes=1GB rate=1", "a kv-bytes=16GiB rate=1");
    assertThat(plan.workloads())
        .extracting(WorkloadSpec::kvBytes)
        .containsExactly(7 * 147_456_000L, 117 * 147_456_000L);
    assertThat(plan.variants().getFirst().parameters()).containsExactly(entry("kv-bytes", "1GB"));
  }

  @Test
  void cells_that_fill_different_amounts_share_no_prompts() {
    List<RunSpec> runs =
        Matrix.of(plan("input-tokens: 64, kv-bytes: [1MB, 2MB], kv-bytes-per-token: 1KiB")).runs();

    assertThat(runs.getFirst().variant().workload().draws())
        .isNotEqualTo(runs.getLast().variant().workload().draws());
  }

  @Test
  void shared_prefixes_leave_room_for_more_prompts_in_the_same_cache() {
    WorkloadSpec spec =
        plan("prefix-groups: 2, prefix-tokens: 400, suffix-tokens: 100, kv-bytes: 1MB,"
                + " kv-bytes-per-token: 100")
            .workloads()
            .getFirst();

    assertThat(spec.prompts()).isEqualTo((10_000 - 800) / 100);
    assertThat(spec.kvBytes()).isEqualTo(1_000_000);
  }

  @Test
  void a_working_set_decides_the_number_of_groups_or_their_length() {
    String sized = ", working-set: {of: 1MB, times: [0.5, 2]}, kv-bytes-per-token: 100";

    assertThat(
            plan("prefix-tokens: 1000, suffix-tokens: 10, prompts-per-group: 4" + sized)
                .workloads())
        .extracting(WorkloadSpec::source, WorkloadSpec::prompts)
        .containsExactly(
            tuple(new Source.Synthetic(TokenRange.exactly(1010), 5, 1000), 20),
            tuple(new Source.Synthetic(TokenRange.exactly(1010), 20, 1000), 80));
    assertThat(plan("documents: 10, question-tokens: 10" + sized).workloads())
        .extracting(WorkloadSpec::source)
        .containsExactly(
            new Source.LongDocuments(10, 500, 10, PromptOrder.TILE),
            new Source.LongDocuments(10, 2000, 10, PromptOrder.TILE));
  }

  @Test
  void latent_attention_keeps_one_vector_a_token_and_layer() {
    assertThat(workload("input-tokens: 10, model-shape: {layers: 61, latent: 576}").kv())
        .isEqualTo(new KvSizing(70_272, null));
  }

  @ParameterizedTest
  @CsvSource({
    "50GB,50000000000",
    "16GiB,17179869184",
    "1.5 kB,1500",
    "128KiB,131072",
    "2TB,2000000000000",
    "7B,7"
  })
  void sizes_have_units(String text, long bytes) {
    assertThat(Value.SIZE.parser().apply(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"50", "GB", "-1GB", "50 gb", "0GB", "0.1B", "1e3GB"})
  void a_size_without_a_proper_unit_is_none(String text) {
    assertThat(Value.SIZE.parser().apply(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file: chats.json, rules: sglang, context-tokens: 4096",
        "file: lines.jsonl, fields: {prompt: 'Q: {question}', output-tokens: n}",
        "input-tokens: 10..20, prefix-groups: 2, prefix-tokens: 4, zipf: 0.9, order: interleave",
        "documents: 3, document-tokens: 100, question-tokens: 5, questions: 4, order: random",
        "turns: 2..6, input-tokens: 20, output-tokens: 10, prompts: 77, history-tokens: 9",
        "file: trace.jsonl, time-unit: ms, block-tokens: 8, prompts: 1, output-tokens: 3..4",
        "input-tokens: 10, tokenizer: model",
        "input-tokens: 1000, kv-bytes: [1MB, 2MiB], kv-bytes-per-token: 128",
        "prefix-groups: 3, suffix-tokens: 7, prompts: 12, kv-bytes-per-token: 9,"
            + " working-set: {of: 1MB, times: [0.5, 2]}",
        "document-tokens: 100, question-tokens: 5, kv-bytes-per-token: 9,"
            + " working-set: {of: 1MB, times: 2}"
      })
  void a_plan_written_out_is_the_same_plan(String workload) {
    Plan plan = plan(workload);

    Plan again = PARSER.parse("again.yaml", PlanText.of(plan));

    assertThat(again.workloads()).isEqualTo(plan.workloads());
    assertThat(again.variants()).isEqualTo(plan.variants());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file: chats.json, context-tokens: 9 | vLLM's rules have limits of their own",
        "file: chats.json, rules: sglang, output-tokens: 3 | it must be at least 4",
        "input-tokens: 10, zipf: 1 | prompts that share nothing have no groups",
        "input-tokens: 10, range-ratio: 1 | from 0 to below 1",
        "input-tokens: 10..20, range-ratio: 0.5 | give one number of tokens",
        "input-tokens: 10, rules: sglang | there is none",
        "input-tokens: 10, suffix-tokens: 10 | both say how long prompts are",
        "input-tokens: 10, kv-bytes: 1GB | nothing says what a token takes",
        "input-tokens: 10, kv-bytes: 1GB, prompts: 3, kv-bytes-per-token: 1 | kv-bytes decides",
        "input-tokens: 10, working-set: {of: 1GB}, kv-bytes-per-token: 1 | are both missing",
        "turns: 2, input-tokens: 10 | workload.output-tokens is missing",
        "sessions: 2, turns: 2..3, input-tokens: 10, output-tokens: 1 | the number of turns varies",
        "documents: 2, document-tokens: 10 | workload.question-tokens is missing",
        "file: chats.json, time-unit: ms | it belongs to trace",
        "input-tokens: 10, model-shape: {layers: 1} | workload.model-shape.kv-heads is missing",
        "input-tokens: 10, model-shape: {layers: 1, latent: 5, kv-heads: 2} | a latent replaces"
      })
  void what_does_not_fit_together_is_a_problem(String workload, String expected) {
    assertThat(problems(workload.strip())).anyMatch(problem -> problem.contains(expected.strip()));
  }

  private static Source source(String workload) {
    return workload(workload).source();
  }

  private static WorkloadSpec workload(String workload) {
    return plan(workload).workload();
  }

  private static Plan plan(String workload) {
    return PARSER.parse("plan.yaml", yaml(workload));
  }

  private static String yaml(String workload) {
    return """
    experiment: a
    workload: {%s}
    load: {rates: 1}
    strategies: [{name: a, simulate: recompute}]
    """
        .formatted(workload);
  }

  private static List<String> problems(String workload) {
    InvalidPlanException invalid =
        catchThrowableOfType(InvalidPlanException.class, () -> plan(workload));
    assertThat(invalid).as("the plan is refused").isNotNull();
    return invalid.problems().stream().map(Problem::text).toList();
  }
}
