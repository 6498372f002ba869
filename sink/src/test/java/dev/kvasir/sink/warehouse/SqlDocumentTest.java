package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document of tables and views, held against the tables and views that there are. */
class SqlDocumentTest {

  private static final Path DOCUMENT = Path.of("../docs/sql.md");
  private static final Pattern SECTION = Pattern.compile("### `(\\w+)`");
  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| ([^|]+) \\| ([^|]*) \\| (.+) \\|");
  private static final Pattern INHERITED =
      Pattern.compile("All columns of `(\\w+)`(?: but `(\\w+)`)?");

  @TempDir Path folder;

  /** A column as the document has it. */
  private record Documented(String name, String type, String meaning) {}

  @Test
  void everyTableAndColumnIsInTheDocumentAndNothingElse() throws IOException {
    Map<String, List<Documented>> document = document();
    Map<String, Map<String, String>> catalogue = catalogue();

    assertThat(document.keySet())
        .as("sections of docs/sql.md")
        .containsExactlyInAnyOrderElementsOf(catalogue.keySet());
    for (var table : catalogue.entrySet()) {
      Map<String, String> documented = new TreeMap<>();
      document
          .getOrDefault(table.getKey(), List.of())
          .forEach(c -> documented.put(c.name(), c.type()));
      assertThat(documented)
          .as("columns and types of `%s` in docs/sql.md", table.getKey())
          .isEqualTo(new TreeMap<>(table.getValue()));
    }
  }

  @Test
  void everyDocumentedColumnSaysWhatItMeans() throws IOException {
    document()
        .forEach((table, columns) ->
            assertThat(columns)
                .as(table)
                .allSatisfy(column -> assertThat(column.meaning()).hasSizeGreaterThan(2)));
  }

  @Test
  void theDocumentsQueriesRun() throws IOException {
    String text = Files.readString(DOCUMENT);
    String examples = text.substring(text.indexOf("## Examples"), text.indexOf("## Views"));
    Matcher block = Pattern.compile("(?s)```sql\n(.*?)```").matcher(examples);
    assertThat(block.find()).isTrue();
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      for (String query : block.group(1).split(";")) {
        if (!query.isBlank()) {
          assertThat(warehouse.query(query.strip()).columns()).as(query).isNotEmpty();
        }
      }
    }
  }

  private static Map<String, List<Documented>> document() throws IOException {
    Map<String, List<Documented>> found = new LinkedHashMap<>();
    Map<String, Matcher> inherited = new LinkedHashMap<>();
    String table = "";
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher section = SECTION.matcher(line);
      Matcher row = ROW.matcher(line);
      Matcher from = INHERITED.matcher(line);
      if (section.matches()) {
        table = section.group(1);
        found.put(table, new ArrayList<>());
      } else if (row.matches() && found.containsKey(table)) {
        found.get(table).add(new Documented(row.group(1), row.group(2), row.group(4)));
      } else if (from.find() && found.containsKey(table)) {
        inherited.put(table, from);
      }
    }
    inherited.forEach((heir, from) ->
        found.get(from.group(1)).stream()
            .filter(column -> !column.name().equals(from.group(2)))
            .forEach(found.get(heir)::add));
    return found;
  }

  private Map<String, Map<String, String>> catalogue() {
    Map<String, Map<String, String>> found = new TreeMap<>();
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      QueryResult columns =
          warehouse.query(
              """
              SELECT table_name, column_name, data_type FROM duckdb_columns()
              WHERE database_name = current_database() AND NOT internal
              """);
      columns
          .rows()
          .forEach(row ->
              found
                  .computeIfAbsent(String.valueOf(row.get(0)), absent -> new TreeMap<>())
                  .put(String.valueOf(row.get(1)), String.valueOf(row.get(2))));
    }
    assertThat(new TreeSet<>(found.keySet())).contains("results", "request_finished");
    return found;
  }
}
