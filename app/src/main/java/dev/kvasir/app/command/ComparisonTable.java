package dev.kvasir.app.command;

import dev.kvasir.sink.warehouse.QueryResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to the question {@code compare}, for people. */
final class ComparisonTable {

  private static final List<String> HEAD =
      List.of(
          "load",
          "strategy",
          ">runs",
          ">failed",
          ">TTFT p50",
          ">TTFT p99",
          "95 % interval",
          ">ITL p99",
          ">tokens/s",
          "95 % interval",
          ">attained",
          "target",
          ">difference",
          "95 % interval",
          ">better",
          ">sign p",
          "significant");

  private ComparisonTable() {}

  static void print(PrintWriter out, QueryResult compared) {
    TextTable table = new TextTable(HEAD);
    List<String> names = compared.columns().stream().map(QueryResult.Column::name).toList();
    for (List<@Nullable Object> row : compared.rows()) {
      Map<String, @Nullable Object> values = new HashMap<>();
      for (int i = 0; i < row.size(); i++) {
        values.put(names.get(i), row.get(i));
      }
      table.add(line(values));
    }
    table.lines().forEach(out::println);
    out.println(
        "Times are milliseconds. difference: median of TTFT minus the baseline's, request by request,"
            + " averaged over the repeats; * its interval leaves out 0. better: share of requests with"
            + " a smaller TTFT than the baseline's; sign p is over these pairs. ≥: a lower bound.");
  }

  private static List<String> line(Map<String, @Nullable Object> values) {
    List<String> line = new ArrayList<>();
    Object parameters = values.get("parameters");
    boolean varied = parameters != null && !parameters.toString().isEmpty();
    line.add(values.get("load_point") + (varied ? " " + parameters : ""));
    line.add(String.valueOf(values.get("strategy")));
    line.add(TextTable.number(values.get("repeats")));
    line.add(TextTable.number(values.get("failed")));
    line.add(TextTable.number(values.get("median_ttft_ms")));
    boolean censored = Boolean.TRUE.equals(values.get("censored"));
    line.add((censored ? "≥" : "") + TextTable.number(values.get("p99_ttft_ms")));
    line.add(interval(values, "p99_ttft_low", "p99_ttft_high"));
    line.add(TextTable.number(values.get("p99_itl_ms")));
    line.add(TextTable.number(values.get("output_throughput")));
    line.add(interval(values, "throughput_low", "throughput_high"));
    line.add(TextTable.percent(values.get("attainment")));
    line.add(target(values));
    line.add(TextTable.number(values.get("difference_ms")));
    line.add(interval(values, "difference_low", "difference_high"));
    line.add(TextTable.percent(values.get("share_better")));
    line.add(probability(values.get("sign_p")));
    Object significant = values.get("significant");
    line.add(significant == null ? "-" : Boolean.TRUE.equals(significant) ? "*" : "no");
    return line;
  }

  /** Whether the target is met, and what it is. */
  private static String target(Map<String, @Nullable Object> values) {
    Object attains = values.get("attains");
    return attains == null
        ? "-"
        : (Boolean.TRUE.equals(attains) ? "met, " : "missed, ")
            + TextTable.percent(values.get("target"));
  }

  private static String interval(Map<String, @Nullable Object> values, String low, String high) {
    return values.get(low) == null
        ? "-"
        : TextTable.number(values.get(low)) + " to " + TextTable.number(values.get(high));
  }

  private static String probability(@Nullable Object value) {
    if (!(value instanceof Number number)) {
      return "-";
    }
    double p = number.doubleValue();
    return p < 0.001 ? "<0.001" : String.format(java.util.Locale.ROOT, "%.3f", p);
  }
}
