package dev.kvasir.producer.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TraceWorkloadTest {

  private static final Tokenizer TOKENIZER = new Cl100kTokenizer();
  private static final String FILE = "/data/trace.jsonl";

  private static final String TRACE =
      """
      {"timestamp": 1000, "input_length": 20, "output_length": 5, "hash_ids": [7, 8, 9]}
      {"timestamp": 3500, "input_length": 16, "output_length": 1, "hash_ids": [7, 8]}
      {"timestamp": 2000, "input_length": 26, "output_length": 3, "hash_ids": [7, 30]}
      """;

  @Test
  void prompts_have_the_traces_lengths_in_the_order_of_its_times() {
    PromptSet prompts = load(TRACE, 8).prompts(3, 0, 1);

    assertThat(prompts.measured()).extracting(Prompt::promptTokens).containsExactly(20, 26, 16);
    assertThat(prompts.measured()).extracting(Prompt::outputTokens).containsExactly(5, 3, 1);
    assertThat(prompts.dueNanos()).containsExactly(0L, 1_000_000_000L, 2_500_000_000L);
    assertThat(prompts.measured())
        .allMatch(prompt -> TOKENIZER.count(prompt.text()) == prompt.promptTokens());
  }

  @Test
  void equal_blocks_are_equal_tokens_and_different_ones_are_not() {
    List<Prompt> prompts = load(TRACE, 8).prompts(3, 0, 1).measured();
    List<String> first = words(prompts.get(0));
    List<String> second = words(prompts.get(1));
    List<String> third = words(prompts.get(2));

    assertThat(third).isEqualTo(first.subList(0, 16));
    assertThat(second.subList(0, 8)).isEqualTo(first.subList(0, 8));
    assertThat(second.subList(8, 16)).isNotEqualTo(first.subList(8, 16));
    assertThat(second).as("10 tokens follow its last block").hasSize(26);
  }

  @Test
  void blocks_are_the_same_in_every_process_and_others_for_another_seed() {
    Workload workload = load(TRACE, 8);

    assertThat(workload.prompts(3, 0, 1).hash())
        .isEqualTo("3d30118f5fa40c3e66dde2028645a553b22e226c5008ec22995238a1c5f53537");
    assertThat(workload.prompts(3, 0, 2).measured().get(2).text())
        .isNotEqualTo(workload.prompts(3, 0, 1).measured().get(2).text());
  }

  @Test
  void warm_up_prompts_are_none_of_the_traces() {
    PromptSet prompts = load(TRACE, 8).prompts(3, 4, 1);

    assertThat(prompts.warmUp()).hasSize(4).doesNotHaveDuplicates();
    assertThat(prompts.warmUp())
        .noneMatch(warmUp -> words(warmUp).get(0).equals(words(prompts.measured().get(0)).get(0)));
    assertThat(load(TRACE, 8).prompts(3, 0, 1))
        .extracting(PromptSet::hash)
        .isEqualTo(prompts.hash());
  }

  @Test
  void the_first_requests_are_taken_when_fewer_are_asked_for() {
    PromptSet prompts = load(TRACE, 8).prompts(2, 0, 1);

    assertThat(prompts.measured()).extracting(Prompt::promptTokens).containsExactly(20, 26);
    assertThat(prompts.dueNanos()).hasSize(2);
    assertThatThrownBy(() -> load(TRACE, 8).prompts(4, 0, 1)).hasMessageContaining("3 requests");
  }

  @Test
  void requests_that_exceed_the_models_context_are_left_out_and_counted() {
    Source.Trace trace = new Source.Trace(FILE, TraceTime.MS, 8, 25, TraceFields.USUAL, false);
    Datasets datasets = new TextDatasets(Map.of(FILE, TRACE));
    Workload workload =
        WorkloadLoader.load(new WorkloadSpec(trace, 2, null, false, null), datasets, TOKENIZER);

    assertThat(workload.prompts(2, 0, 1).measured())
        .extracting(Prompt::promptTokens)
        .containsExactly(20, 16);
    assertThat(workload.skipped())
        .containsExactly("/data/trace.jsonl: 1 of 3 requests have more than 25 tokens");
    assertThat(TraceFile.requests(trace, null, datasets)).isEqualTo(2);
    assertThat(TraceFile.requests(trace, TokenRange.exactly(9), datasets)).isOne();
  }

  @Test
  void a_block_size_that_the_lengths_refute_is_an_error() {
    assertThatThrownBy(() -> load(TRACE, 16))
        .hasMessageStartingWith("/data/trace.jsonl:1: 3 blocks of 16 tokens for a prompt of 20")
        .hasMessageContaining("block-tokens");
  }

  @Test
  void a_block_size_that_leaves_most_of_a_prompt_uncovered_is_refused() {
    assertThatThrownBy(() -> load(TRACE, 3))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("3 blocks of 3 tokens for a prompt of 20, less than half of it");
  }

  @Test
  void a_malformed_request_is_named_by_its_line() {
    assertThatThrownBy(() -> load("{\"timestamp\": \"soon\", \"input_length\": 1}", null))
        .hasMessageContaining(":1: the time is soon, and time-unit is ms");
    assertThatThrownBy(() -> load("{\"timestamp\": 1, \"output_length\": 1}", null))
        .hasMessageContaining("`input_length`");
    assertThatThrownBy(
            () -> load("{\"timestamp\": 1, \"input_length\": 0, \"output_length\": 1}", null))
        .hasMessageContaining("input_length is 0; expected a whole number of at least 1");
  }

  @Test
  void times_are_read_in_every_unit() {
    assertThat(TraceTime.S.nanos("1.5")).isEqualTo(1_500_000_000L);
    assertThat(TraceTime.MS.nanos("1.5")).isEqualTo(1_500_000L);
    assertThat(TraceTime.US.nanos("7")).isEqualTo(7_000L);
    assertThat(TraceTime.NS.nanos("7")).isEqualTo(7L);
    assertThat(TraceTime.DATE.nanos("1970-01-01 00:00:01.6805900")).isEqualTo(1_680_590_000L);
    assertThat(TraceTime.DATE.nanos("1970-01-01T01:00:00.5+01:00")).isEqualTo(500_000_000L);
    assertThat(TraceTime.DATE.nanos("1.5")).isNull();
    assertThat(TraceTime.S.nanos("1970-01-01 00:00:01")).isNull();
  }

  @Test
  void mooncakes_trace_keeps_its_times_its_lengths_and_its_ideal_hit_rate() throws Exception {
    Datasets datasets = shared("mooncake/synthetic_trace.jsonl");
    Workload workload =
        Workload.load(spec("mooncake/synthetic_trace.jsonl", TraceTime.MS, 512), datasets);

    PromptSet prompts = workload.prompts(3993, 0, 7);

    assertThat(prompts.dueNanos().getLast()).isBetween(1_021_000_000_000L, 1_023_000_000_000L);
    assertThat(prompts.measured().stream().mapToLong(Prompt::promptTokens).sum())
        .isEqualTo(61_194_628L);
    assertThat(prompts.measured().stream().mapToLong(Prompt::outputTokens).sum())
        .isEqualTo(595_432L);
    assertThat(prompts.measured().subList(0, 2))
        .allMatch(prompt -> TOKENIZER.count(prompt.text()) == prompt.promptTokens());
    assertThat(idealHitRate(prompts.measured(), 512)).isBetween(0.6395, 0.6405);
  }

  /** The share of blocks whose tokens, and all before them, were sent before: one word a token. */
  private static double idealHitRate(List<Prompt> prompts, int blockTokens) throws Exception {
    Set<String> seen = new HashSet<>();
    long blocks = 0;
    long hits = 0;
    for (Prompt prompt : prompts) {
      byte[] text = prompt.text().getBytes(StandardCharsets.US_ASCII);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      int begin = 0;
      int tokens = 0;
      for (int i = 0; i <= text.length; i++) {
        boolean end = i == text.length;
        if (!end && text[i] != ' ') {
          continue;
        }
        tokens++;
        if (tokens % blockTokens == 0 || end) {
          digest.update(text, begin, i - begin);
          begin = i;
          byte[] soFar = ((MessageDigest) digest.clone()).digest();
          blocks++;
          hits += seen.add(HexFormat.of().formatHex(soFar, 0, 12)) ? 0 : 1;
        }
      }
      assertThat(tokens).isEqualTo(prompt.promptTokens());
    }
    return (double) hits / blocks;
  }

  private static Datasets shared(String file) {
    Path traces = Path.of(System.getProperty("shared.data", "../../shared/data")).resolve("traces");
    Datasets datasets = new DatasetFolder(traces);
    boolean present = datasets.readable(file);
    if (!present) {
      System.out.println("skipped: " + file + " is not at " + traces.toAbsolutePath());
    }
    assumeThat(present).isTrue();
    return datasets;
  }

  private static List<String> words(Prompt prompt) {
    return Arrays.asList(prompt.text().split(" "));
  }

  private static Workload load(String trace, Integer blockTokens) {
    return WorkloadLoader.load(
        spec(FILE, TraceTime.MS, blockTokens), new TextDatasets(Map.of(FILE, trace)), TOKENIZER);
  }

  private static WorkloadSpec spec(String file, TraceTime time, Integer blockTokens) {
    return new WorkloadSpec(
        new Source.Trace(file, time, blockTokens, TraceFields.USUAL, false), 3, null, false, null);
  }
}
