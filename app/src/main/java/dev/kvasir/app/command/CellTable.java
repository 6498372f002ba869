package dev.kvasir.app.command;

import dev.kvasir.sink.warehouse.QueryResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to the question {@code cells}, for people. */
final class CellTable {

  private static final List<String> HEAD =
      List.of(
          "cell",
          ">runs",
          ">n",
          ">failed",
          ">TTFT p50",
          ">p90",
          ">p99",
          ">ITL p50",
          ">p90",
          ">p99",
          ">TPOT p50",
          ">p90",
          ">p99",
          ">tokens/s",
          ">attained",
          "verdict");
  private static final List<String> NUMBERS =
      List.of(
          "repeats",
          "n",
          "failures",
          "p50_ttft_ms",
          "p90_ttft_ms",
          "p99_ttft_ms",
          "p50_itl_ms",
          "p90_itl_ms",
          "p99_itl_ms",
          "p50_tpot_ms",
          "p90_tpot_ms",
          "p99_tpot_ms",
          "tokens_per_s");

  private CellTable() {}

  static void print(PrintWriter out, QueryResult cells) {
    TextTable table = new TextTable(HEAD);
    List<String> names = cells.columns().stream().map(QueryResult.Column::name).toList();
    for (List<@Nullable Object> row : cells.rows()) {
      Map<String, @Nullable Object> values = new HashMap<>();
      for (int i = 0; i < row.size(); i++) {
        values.put(names.get(i), row.get(i));
      }
      List<String> line = new ArrayList<>();
      line.add(String.valueOf(values.get("cell")));
      NUMBERS.forEach(name -> line.add(TextTable.number(values.get(name))));
      line.add(TextTable.percent(values.get("attainment")));
      line.add(TextTable.number(values.get("verdicts")));
      table.add(line);
    }
    table.lines().forEach(out::println);
    out.println(
        "Times are milliseconds, TTFT from when a request was due: means of the runs' exact percentiles,"
            + " in which a request that failed counts as at least its time limit.");
  }
}
