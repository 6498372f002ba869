package dev.kvasir.producer.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {

  private static final Tokenizer TOKENIZER = new Cl100kTokenizer();

  @TempDir private Path folder;

  @Test
  void a_parquet_file_of_questions_and_answers_is_a_file_of_prompts() throws Exception {
    parquet(
        "SELECT 'Question number ' || i AS question, repeat('so ', i + 1) AS answer"
            + " FROM range(5000) t(i)");
    RecordFields fields = new RecordFields("Think. {question}?", "answer", null);

    List<Prompt> prompts =
        load(new Source.PromptFile("rows.parquet", fields, false, false))
            .prompts(5000, 0, 1)
            .measured();

    assertThat(prompts.get(0).text()).isEqualTo("Think. Question number 0?");
    assertThat(prompts.get(4999).text()).isEqualTo("Think. Question number 4999?");
    assertThat(prompts.get(41).outputTokens()).isEqualTo(TOKENIZER.count("so ".repeat(42)));
  }

  @Test
  void a_parquet_file_of_conversations_is_recognised_as_sharegpts() throws Exception {
    parquet(
        "SELECT [{'from': 'human', 'value': repeat('word ', 20)},"
            + " {'from': 'gpt', 'value': repeat('word ', 30)}] AS conversations FROM range(3)");

    assertThat(DatasetKind.of("rows.parquet", new DatasetFolder(folder)))
        .isEqualTo(DatasetKind.SHAREGPT);
    assertThat(load(new Source.ShareGpt("rows.parquet", true, false)).prompts(3, 0, 1).measured())
        .allMatch(prompt -> prompt.promptTokens() == TOKENIZER.count("word ".repeat(20)));
  }

  @Test
  void a_csv_trace_keeps_every_digit_of_its_times() throws IOException {
    Files.writeString(
        folder.resolve("rows.csv"),
        """
        TIMESTAMP,ContextTokens,GeneratedTokens
        2023-11-16 18:15:46.6805900,374,44
        2023-11-16 18:15:50.9951691,396,109
        """);
    Source.Trace trace =
        new Source.Trace("rows.csv", TraceTime.DATE, null, TraceFields.USUAL, false);

    PromptSet prompts = load(trace).prompts(2, 0, 1);

    assertThat(DatasetKind.of("rows.csv", new DatasetFolder(folder))).isEqualTo(DatasetKind.TRACE);
    assertThat(prompts.measured()).extracting(Prompt::promptTokens).containsExactly(374, 396);
    assertThat(prompts.measured()).extracting(Prompt::outputTokens).containsExactly(44, 109);
    assertThat(prompts.dueNanos()).containsExactly(0L, 4_314_579_100L);
  }

  @Test
  void a_broken_file_is_an_error_that_names_it() throws IOException {
    Files.writeString(folder.resolve("rows.parquet"), "not parquet");

    assertThatThrownBy(() -> load(new Source.PromptFile("rows.parquet", true, false)))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("rows.parquet: cannot be read: ");
  }

  @Test
  void azures_trace_keeps_its_times_and_its_lengths() {
    Path traces = Path.of(System.getProperty("shared.data", "../../shared/data")).resolve("traces");
    String file = "azure/AzureLLMInferenceTrace_conv.csv";
    Datasets datasets = new DatasetFolder(traces);
    boolean present = datasets.readable(file);
    if (!present) {
      System.out.println("skipped: " + file + " is not at " + traces.toAbsolutePath());
    }
    assumeThat(present).isTrue();
    Source.Trace trace = new Source.Trace(file, TraceTime.DATE, null, TraceFields.USUAL, false);

    assertThat(TraceFile.requests(trace, null, datasets)).isEqualTo(19_366);
    PromptSet prompts =
        Workload.load(new WorkloadSpec(trace, 19_366, null, false, null), datasets)
            .prompts(19_366, 0, 1);

    // 18:15:46.6805900 to 19:14:08.4025270
    assertThat(prompts.dueNanos().getLast()).isEqualTo(3_501_721_937_000L);
    assertThat(prompts.measured().getLast().promptTokens()).isEqualTo(197);
    assertThat(prompts.measured().getLast().outputTokens()).isEqualTo(183);
    assertThat(prompts.measured().stream().mapToInt(Prompt::promptTokens).max()).hasValue(14_050);
  }

  private void parquet(String query) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute(
          "COPY (%s) TO '%s' (FORMAT parquet)".formatted(query, folder.resolve("rows.parquet")));
    }
  }

  private Workload load(Source source) {
    return WorkloadLoader.load(
        new WorkloadSpec(source, 10, null, false, null), new DatasetFolder(folder), TOKENIZER);
  }
}
