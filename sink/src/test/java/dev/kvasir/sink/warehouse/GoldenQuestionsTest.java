package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.sink.question.BoundQuestion;
import dev.kvasir.sink.question.Parameter;
import dev.kvasir.sink.question.Question;
import dev.kvasir.sink.question.Questions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every question has a golden answer over made-up runs, and stands in docs/questions.md as it is.
 * With {@code -Dgolden=write} both are written instead of compared.
 */
class GoldenQuestionsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/dev/kvasir/sink/question");
  private static final Path PAGE = Path.of("../docs/questions.md");
  private static final boolean WRITES = "write".equals(System.getProperty("golden"));

  /** Parameters of the golden answers; `paper` is the experiment unless they say otherwise. */
  private static final Map<String, Map<String, String>> ASKED =
      Map.ofEntries(
          Map.entry("batch", Map.of("experiment", "lengths")),
          Map.entry("crossing", Map.of("experiment", "paper", "limit", "150")),
          Map.entry("differences", Map.of("subjects", "paper/cpu,lengths/cpu,engines/hbm")),
          Map.entry(
              "goodput", Map.of("experiment", "paper", "target", "0.8", "baseline", "recompute")),
          Map.entry("grid", Map.of("experiment", "lengths")),
          Map.entry("identical", Map.of("experiment", "paper", "baseline", "recompute")),
          Map.entry("memory", Map.of("experiment", "lengths", "seconds", "2")),
          Map.entry("memory-saved", Map.of("experiment", "paper", "baseline", "recompute")),
          Map.entry("rosetta", Map.of("run", "1001", "ttft_slo", "150", "tpot_slo", "60")),
          Map.entry("slo-scale", Map.of("experiment", "paper", "target", "0.8", "tpot_slo", "60")),
          Map.entry("speedup", Map.of("experiment", "paper", "baseline", "recompute")),
          Map.entry("throughput", Map.of("experiment", "lengths")),
          Map.entry("ttft-by-length", Map.of("experiment", "lengths")),
          Map.entry("versions", Map.of()));

  @TempDir static Path folder;
  private static WarehouseFixture warehouse;

  @BeforeAll
  static void fill() throws Exception {
    warehouse = new WarehouseFixture(folder);
    warehouse.load(PaperRuns.all());
  }

  @AfterAll
  static void close() {
    warehouse.close();
  }

  /** Those that need no emission log. */
  static List<String> names() {
    return Questions.all().stream()
        .map(Question::name)
        .filter(name -> !name.equals("truth"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aQuestionAnswersAsItDidBeforeAndNamesItsColumns(String name) throws IOException {
    Question question = Questions.named(name).orElseThrow();
    Map<String, String> given = ASKED.getOrDefault(name, Map.of("experiment", "paper"));
    BoundQuestion bound = question.bind(given);

    QueryResult answer = warehouse.reader().query(bound.sql(), bound.values());
    QueryResult written = warehouse.query(question.written(given));

    assertSame(rounded(written), rounded(answer));

    assertThat(answer.columns().stream().map(QueryResult.Column::name).toList())
        .as("columns of the query and of its header")
        .isEqualTo(question.columns().stream().map(Question.Column::name).toList());
    assertThat(answer.rows()).isNotEmpty();
    Path golden = GOLDEN.resolve(name + ".csv");
    if (WRITES) {
      Files.writeString(golden, rounded(answer));
    }
    assertSame(rounded(answer), Files.readString(golden));
  }

  @Test
  void everyQuestionIsDocumentedAsItIs() throws IOException {
    String page = page();
    if (WRITES) {
      Files.writeString(PAGE, page);
    }

    assertThat(page)
        .as("docs/questions.md; -Dgolden=write writes it anew")
        .isEqualTo(Files.readString(PAGE));
  }

  /** Equal texts, but for the last digits of numbers, which the order of a sum decides. */
  private static void assertSame(String found, String golden) {
    List<String> cells = List.of(found.split("[,\n]", -1));
    List<String> expected = List.of(golden.split("[,\n]", -1));
    assertThat(cells).as(found).hasSameSizeAs(expected);
    for (int i = 0; i < cells.size(); i++) {
      if (isNumber(cells.get(i)) && isNumber(expected.get(i))) {
        double number = Double.parseDouble(expected.get(i));
        assertThat(Double.parseDouble(cells.get(i)))
            .as("cell %d of %s", i, found)
            .isCloseTo(number, Offset.offset(1e-7 * Math.max(1e-3, Math.abs(number))));
      } else {
        assertThat(cells.get(i)).as("cell %d of %s", i, found).isEqualTo(expected.get(i));
      }
    }
  }

  private static boolean isNumber(String cell) {
    return cell.matches("-?[0-9]+([.][0-9]+)?");
  }

  /** Numbers to nine digits. */
  private static String rounded(QueryResult answer) {
    List<List<Object>> rows = new ArrayList<>();
    for (List<Object> row : answer.rows()) {
      List<Object> cells = new ArrayList<>();
      for (Object value : row) {
        cells.add(plain(value));
      }
      rows.add(cells);
    }
    return Csv.of(new QueryResult(answer.columns(), rows, answer.truncated()));
  }

  private static Object plain(Object value) {
    if (value instanceof Double number && Double.isFinite(number)) {
      return Math.abs(number) < 1e-9
          ? "0"
          : new java.math.BigDecimal(number)
              .round(new java.math.MathContext(9))
              .stripTrailingZeros()
              .toPlainString();
    }
    return value instanceof Map<?, ?> map ? new TreeMap<>(map) : value;
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Questions

            `kvasir ask` lists them, `kvasir ask NAME --parameter value` answers one as a table, and
            `--format csv|json|parquet` for other tools; `--sql` prints the query with its parameters
            written in, which runs anywhere the tables are ([sql.md](sql.md)). The SQL files lie in
            [`sink/src/main/resources/dev/kvasir/sink/question`](../sink/src/main/resources/dev/kvasir/sink/question).
            This page is made from their headers by `GoldenQuestionsTest`.

            What counts: valid, overloaded and server-failed runs; where a cell has none of these, the
            others but for retracted ones, and aborted ones only where it has nothing else. The repeat
            is the unit of every statistics. A request that failed counts as at least its time limit in
            a latency and as a miss in attainment. Limits that are given apply to old runs too.

            ```
            kvasir ask goodput --experiment quickstart --ttft-slo 125ms --tpot-slo 40ms --target 90%
            kvasir ask crossing --experiment quickstart --metric p99_ttft_bound_ms --limit 125
            kvasir ask compare --experiment quickstart --baseline recompute --format csv
            ```

            """);
    for (Question question : Questions.all()) {
      describe(page, question);
    }
    return page.toString().stripTrailing() + "\n";
  }

  private static void describe(StringBuilder page, Question question) {
    page.append("## ").append(question.name()).append("\n\n**").append(question.title());
    page.append(".** ").append(question.meaning()).append("\n\n");
    page.append("No row: ").append(question.none()).append("\n\n");
    if (!question.parameters().isEmpty()) {
      page.append("| parameter | type | default | |\n|---|---|---|---|\n");
      for (Parameter parameter : question.parameters()) {
        page.append(
            "| `--%s` | %s | %s | %s |\n"
                .formatted(
                    parameter.name().replace('_', '-'),
                    parameter.choices().isEmpty()
                        ? parameter.type().name().toLowerCase(java.util.Locale.ROOT)
                        : String.join(", ", parameter.choices()),
                    parameter.byDefault() != null
                        ? "`" + parameter.byDefault() + "`"
                        : parameter.optional() ? "–" : "required",
                    parameter.meaning()));
      }
      page.append('\n');
    }
    page.append("| column | unit | |\n|---|---|---|\n");
    for (Question.Column column : question.columns()) {
      page.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  column.name(), column.unit() == null ? "" : column.unit(), column.meaning()));
    }
    page.append('\n');
  }
}
