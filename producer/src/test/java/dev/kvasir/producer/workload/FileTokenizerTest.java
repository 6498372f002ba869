package dev.kvasir.producer.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The tokenizer under test is a byte-pair encoding of a few dozen words that marks the start of
 * every text and says that texts are to be cut after 16 tokens.
 */
class FileTokenizerTest {

  private static final String FILE = "/models/Tiny-1B/tokenizer.json";

  private static TextDatasets datasets;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void read() throws IOException {
    try (var in = FileTokenizerTest.class.getResourceAsStream("tokenizer.json")) {
      datasets =
          new TextDatasets(Map.of(FILE, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    }
    tokenizer = FileTokenizer.read(FILE, datasets);
  }

  @Test
  void it_counts_as_the_model_does_marks_included_and_cuts_nothing() {
    assertThat(tokenizer.marks()).isOne();
    assertThat(tokenizer.count("the")).isEqualTo(2);
    assertThat(tokenizer.count("the and")).isEqualTo(3);
    assertThat(tokenizer.count("the xyz")).isEqualTo(1 + 1 + 4);
    assertThat(tokenizer.count("the" + " and".repeat(99))).isEqualTo(101);
  }

  @Test
  void its_name_tells_the_model_and_the_very_file() {
    assertThat(tokenizer.name()).matches("Tiny-1B/tokenizer.json sha256:[0-9a-f]{12}");
  }

  @Test
  void its_words_are_one_token_each_wherever_they_stand() {
    assertThat(tokenizer.words()).contains("the", "from", "such").hasSizeGreaterThan(30);
    assertThat(tokenizer.words()).allMatch(word -> tokenizer.count(word) == 2);
  }

  @Test
  void synthetic_prompts_have_exactly_the_tokens_that_were_asked_for() {
    Workload workload = load(new Source.Synthetic(new TokenRange(20, 200), 3, 16));

    PromptSet prompts = workload.prompts(50, 5, 1);

    assertThat(workload.tokenizer()).startsWith("Tiny-1B/");
    assertThat(prompts.measured())
        .allMatch(prompt -> tokenizer.count(prompt.text()) == prompt.promptTokens());
    assertThat(prompts.warmUp())
        .allMatch(prompt -> tokenizer.count(prompt.text()) == prompt.promptTokens());
  }

  @Test
  void sessions_are_counted_with_their_roles() {
    Source.Sessions sessions =
        new Source.Sessions(
            TokenRange.exactly(3), TokenRange.exactly(7), 20, 1, 9, PromptOrder.TILE);

    assertThat(load(sessions).prompts(9, 2, 1).measured())
        .allMatch(prompt -> tokenizer.count(prompt.text()) == prompt.promptTokens());
  }

  @Test
  void the_blocks_of_a_trace_are_aligned_with_the_servers() {
    String trace =
        """
        {"timestamp": 0, "input_length": 20, "output_length": 5, "hash_ids": [1, 2, 3]}
        {"timestamp": 1, "input_length": 16, "output_length": 5, "hash_ids": [1, 2]}
        """;
    Source.Trace source = new Source.Trace("/t", TraceTime.MS, 8, TraceFields.USUAL, false);
    List<Prompt> prompts =
        WorkloadLoader.load(
                new WorkloadSpec(source, 2, null, false, null),
                new TextDatasets(Map.of("/t", trace)),
                tokenizer)
            .prompts(2, 0, 1)
            .measured();

    assertThat(prompts).allMatch(prompt -> tokenizer.count(prompt.text()) == prompt.promptTokens());
    assertThat(prompts.get(0).text()).startsWith(prompts.get(1).text());
  }

  @Test
  void prompts_as_short_as_the_marks_are_refused() {
    assertThatThrownBy(() -> load(new Source.Synthetic(TokenRange.exactly(1), 0, 0)))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("marks each with 1");
  }

  @Test
  void a_file_that_is_no_tokenizer_is_an_error_that_names_it() {
    TextDatasets other = new TextDatasets(Map.of("/models/x.json", "{\"a\": 1}"));

    assertThatThrownBy(() -> FileTokenizer.read("/models/x.json", other))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("/models/x.json is no tokenizer")
        .hasMessageContaining("tokenizer.json");
  }

  private static Workload load(Source source) {
    return WorkloadLoader.load(
        new WorkloadSpec(source, 10, TokenRange.exactly(6), true, null), datasets, tokenizer);
  }
}
