package dev.kvasir.sink.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets one SELECT through. DuckDB's own parser takes the text apart, so that comments, quotes and
 * dialect cannot hide anything; the syntax tree must hold no write and no function that reaches
 * beyond the tables.
 */
final class StatementGate {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<String> TABLE_FUNCTIONS =
      Set.of(
          "range",
          "generate_series",
          "unnest",
          "repeat",
          "repeat_row",
          "json_each",
          "json_tree",
          "summary",
          "duckdb_columns",
          "duckdb_databases",
          "duckdb_functions",
          "duckdb_keywords",
          "duckdb_memory",
          "duckdb_tables",
          "duckdb_types",
          "duckdb_views",
          "pragma_database_size",
          "pragma_storage_info",
          "pragma_table_info",
          "pragma_version",
          "pg_timezone_names",
          "histogram",
          "histogram_values");

  private static final Set<String> FORBIDDEN_FUNCTIONS =
      Set.of(
          "nextval",
          "currval",
          "setval",
          "setseed",
          "sleep_ms",
          "pg_sleep",
          "repeat",
          "lpad",
          "rpad",
          "levenshtein",
          "editdist3",
          "damerau_levenshtein",
          "jaccard",
          "write_log",
          "current_query",
          "json_serialize_plan");

  /** Names of views that DuckDB has beside its table functions. */
  private static final Pattern FUNCTION_VIEW = Pattern.compile("(duckdb|pragma)_.*");

  private static final Set<String> FORBIDDEN_VIEWS =
      Set.of("pg_settings", "pg_prepared_statements");

  /** What stands in the name of a file or an address, and in none of the warehouse's tables. */
  private static final Pattern FILE = Pattern.compile("[/\\\\:.*?~]");

  private StatementGate() {}

  /**
   * Checks a text.
   *
   * @throws QueryRefusedException with the reason if it is anything but one harmless SELECT
   */
  static void check(Connection connection, String sql) throws SQLException {
    JsonNode parsed = parse(connection, sql);
    if (parsed.path("error").asBoolean()) {
      throw new QueryRefusedException(explain(parsed, sql), null);
    }
    int statements = parsed.path("statements").size();
    if (statements != 1) {
      throw new QueryRefusedException(
          "expected one statement and found %d; send them one by one".formatted(statements), null);
    }
    inspect(parsed);
  }

  private static JsonNode parse(Connection connection, String sql) throws SQLException {
    try (PreparedStatement parse =
        connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
      parse.setString(1, sql);
      try (ResultSet row = parse.executeQuery()) {
        row.next();
        return JSON.readTree(row.getString(1));
      }
    } catch (JsonProcessingException e) {
      throw new QueryRefusedException(
          "the statement cannot be checked: " + e.getOriginalMessage(), e);
    }
  }

  private static String explain(JsonNode parsed, String sql) {
    if (parsed.path("error_type").asText().equals("not implemented")) {
      String word = sql.strip().split("[\\s;(]", 2)[0].toUpperCase(Locale.ROOT);
      return word
          + " is refused: the door answers a single SELECT (also WITH, FROM, VALUES, DESCRIBE,"
          + " SUMMARIZE, SHOW TABLES) and changes nothing";
    }
    return parsed.path("error_message").asText("the statement cannot be read");
  }

  private static void inspect(JsonNode node) {
    String type = node.path("type").asText();
    if (type.endsWith("_QUERY_NODE") || type.endsWith("_STATEMENT")) {
      throw new QueryRefusedException(
          type.replaceAll("_QUERY_NODE|_STATEMENT", "")
              + " inside a SELECT is refused: the door changes nothing",
          null);
    }
    if (type.equals("BASE_TABLE")) {
      String name = node.path("table_name").asText();
      requireNoFile(name);
      requireView(name);
    }
    if (type.equals("TABLE_FUNCTION")) {
      requireTableFunction(node.path("function").path("function_name").asText());
    }
    requireFunction(node.path("function_name").asText());
    for (JsonNode child : node) {
      inspect(child);
    }
  }

  /** DuckDB reads a file where no table has the name. */
  private static void requireNoFile(String name) {
    if (FILE.matcher(name).find()) {
      throw new QueryRefusedException(
          "the table " + name + " is refused: it reads like a file, and the door opens none", null);
    }
  }

  private static void requireView(String name) {
    String view = name.toLowerCase(Locale.ROOT);
    boolean unlisted = FUNCTION_VIEW.matcher(view).matches() && !TABLE_FUNCTIONS.contains(view);
    if (unlisted || FORBIDDEN_VIEWS.contains(view)) {
      throw new QueryRefusedException(
          "the view " + name + " is refused: it reaches beyond the warehouse's tables", null);
    }
  }

  private static void requireTableFunction(String name) {
    if (!TABLE_FUNCTIONS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new QueryRefusedException(
          "the table function " + name + " is refused: it reaches beyond the warehouse's tables",
          null);
    }
  }

  private static void requireFunction(String name) {
    if (FORBIDDEN_FUNCTIONS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new QueryRefusedException("the function " + name + " is refused", null);
    }
  }
}
