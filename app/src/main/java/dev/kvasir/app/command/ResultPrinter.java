package dev.kvasir.app.command;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.sink.warehouse.Csv;
import dev.kvasir.sink.warehouse.ParquetFile;
import dev.kvasir.sink.warehouse.QueryResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Prints the answer to a query in the form that was asked for. */
final class ResultPrinter {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How an answer looks. */
  enum Format {
    TABLE,
    CSV,
    JSON,
    PARQUET
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, csv, json or parquet (default: table).")
  private Format format = Format.TABLE;

  @Option(names = "--json", description = "The same as --format json.")
  private boolean json;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the answer goes (default: it is printed; parquet needs a file).")
  private @Nullable Path output;

  /** The format that was asked for. */
  Format format() {
    return json ? Format.JSON : format;
  }

  void print(Terminal terminal, QueryResult result) {
    if (output == null) {
      print(terminal.out(), result);
      terminal.out().flush();
    } else {
      write(output, result);
      terminal.out().printf(Locale.ROOT, "%,d rows in %s%n", result.rows().size(), output);
    }
    if (result.truncated()) {
      terminal
          .err()
          .printf(
              Locale.ROOT,
              "These are the first %,d rows; there are more (add a LIMIT, or use kvasir export).%n",
              result.rows().size());
    }
  }

  private void print(PrintWriter out, QueryResult result) {
    switch (format()) {
      case TABLE -> table(out, result);
      case CSV -> out.print(Csv.of(result));
      case JSON -> json(out, result);
      case PARQUET ->
          throw new Refusal(ExitCode.USAGE, "a Parquet file needs a name: add -o FILE.parquet");
    }
  }

  private void write(Path file, QueryResult result) {
    if (format() == Format.PARQUET) {
      ParquetFile.write(result, file);
      return;
    }
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      print(out, result);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the answer cannot be written to %s; name a writable file with -o".formatted(file), e);
    }
  }

  private static void table(PrintWriter out, QueryResult result) {
    TextTable table =
        new TextTable(
            result.columns().stream()
                .map(column -> (isNumber(column.type()) ? ">" : "") + column.name())
                .toList());
    for (List<@Nullable Object> row : result.rows()) {
      table.add(row.stream().map(ResultPrinter::plain).toList());
    }
    table.lines().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "(%,d %s)%n",
        result.rows().size(),
        result.rows().size() == 1 ? "row" : "rows");
  }

  private static boolean isNumber(String type) {
    return type.matches("(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)");
  }

  private static String plain(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    return value instanceof Double number && Double.isFinite(number)
        ? java.math.BigDecimal.valueOf(number)
            .round(new java.math.MathContext(6))
            .stripTrailingZeros()
            .toPlainString()
        : text(value);
  }

  private static String text(Object value) {
    return Csv.plain(value);
  }

  private static void json(PrintWriter out, QueryResult result) {
    out.println("[");
    for (int r = 0; r < result.rows().size(); r++) {
      List<@Nullable Object> row = result.rows().get(r);
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        object.put(result.columns().get(i).name(), row.get(i));
      }
      out.println("  " + jsonOf(object) + (r + 1 < result.rows().size() ? "," : ""));
    }
    out.println("]");
  }

  private static String jsonOf(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JacksonException e) {
      throw new IllegalStateException("a value cannot be written as JSON", e);
    }
  }
}
