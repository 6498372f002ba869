package dev.kvasir.sink.figure;

import dev.kvasir.sink.question.BoundQuestion;
import dev.kvasir.sink.question.Question;
import dev.kvasir.sink.question.Questions;
import dev.kvasir.sink.warehouse.Csv;
import dev.kvasir.sink.warehouse.Queries;
import dev.kvasir.sink.warehouse.QueryResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One experiment as one HTML page that needs nothing else: plan, verdicts, tables, figures. */
public final class Report {

  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #111; }
      h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem }
      table { border-collapse: collapse; font-size: 13px; display: block; overflow-x: auto }
      th, td { border-bottom: 1px solid #ddd; padding: .25rem .6rem; text-align: left; white-space: nowrap }
      td.number { text-align: right; font-variant-numeric: tabular-nums }
      figure { margin: 1.5rem 0 } figcaption { font-size: 13px; color: #333; max-width: 45rem }
      pre { background: #f6f6f6; padding: 1rem; overflow-x: auto; font-size: 13px }
      svg { max-width: 100%; height: auto }
      """;

  /** Questions whose answers stand in the page, where they have rows. */
  private static final List<String> TABLES =
      List.of(
          "compare",
          "goodput",
          "crossing",
          "variance",
          "failures",
          "cold-warm",
          "breakdown",
          "alerts");

  private static final Set<FigureKind> FIGURES =
      java.util.EnumSet.of(
          FigureKind.LATENCY,
          FigureKind.THROUGHPUT,
          FigureKind.ATTAINMENT,
          FigureKind.BARS,
          FigureKind.PARETO,
          FigureKind.FAILURES,
          FigureKind.CDF,
          FigureKind.BREAKDOWN);

  private final Queries queries;
  private final FigureRequest.Limits slo;
  private final StringBuilder page = new StringBuilder();

  private Report(Queries queries, FigureRequest.Limits slo) {
    this.queries = queries;
    this.slo = slo;
  }

  /**
   * Writes the page of an experiment.
   *
   * @throws IllegalArgumentException if no run of it has ended
   */
  public static String html(Queries queries, String experiment, FigureRequest.Limits slo) {
    Report report = new Report(queries, slo);
    QueryResult runs =
        queries.query(
            """
            SELECT id, strategy, load_point, repeat, coalesce(verdict, 'running') AS verdict,
              array_to_string(reasons, '; ') AS reasons, started_at, host, version
            FROM runs WHERE experiment = $1 ORDER BY started_at, id\
            """,
            List.of(experiment));
    if (runs.rows().isEmpty()) {
      throw new IllegalArgumentException(
          "there is no experiment %s; kvasir runs lists them".formatted(experiment));
    }
    return report.write(experiment, runs);
  }

  private String write(String experiment, QueryResult runs) {
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escaped(experiment))
        .append("</title><style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>")
        .append(escaped(experiment))
        .append("</h1>\n");
    differences(experiment);
    heading("Figures");
    FIGURES.forEach(kind -> figure(experiment, kind));
    for (String name : TABLES) {
      question(experiment, name);
    }
    heading("Runs and their verdicts");
    table(runs);
    plan(experiment);
    return page.append("</body></html>\n").toString();
  }

  private void differences(String experiment) {
    QueryResult differences = ask("differences", experiment);
    if (differences != null && !differences.rows().isEmpty()) {
      heading("What differs besides the strategy");
      table(differences);
    }
  }

  private void figure(String experiment, FigureKind kind) {
    FigureRequest usual = FigureRequest.of(kind);
    FigureRequest request =
        new FigureRequest(
            kind,
            null,
            null,
            "experiment = '%s'".formatted(experiment.replace("'", "''")),
            null,
            kind == FigureKind.PARETO ? "strategy" : null,
            null,
            null,
            null,
            null,
            usual.errors(),
            usual.style(),
            usual.scope(),
            false,
            slo,
            null);
    try {
      Figure figure = new Figures(queries).draw(request);
      page.append("<figure>\n")
          .append(figure.svg())
          .append("\n<figcaption>")
          .append(escaped(figure.caption()))
          .append("</figcaption></figure>\n");
    } catch (IllegalArgumentException e) {
      page.append("<p>")
          .append(escaped("No figure of " + kind.meaning() + ": " + e.getMessage()))
          .append("</p>\n");
    }
  }

  private void question(String experiment, String name) {
    QueryResult answer = ask(name, experiment);
    if (answer == null || answer.rows().isEmpty()) {
      return;
    }
    Question question = Questions.named(name).orElseThrow();
    heading(question.title());
    table(answer);
    page.append("<p><small>").append(escaped(question.meaning())).append("</small></p>\n");
  }

  private @Nullable QueryResult ask(String name, String experiment) {
    Question question = Questions.named(name).orElseThrow();
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("experiment", experiment);
    Double ttft = slo.ttftMs();
    Double tpot = slo.tpotMs();
    Double target = slo.target();
    boolean judges = question.parameters().stream().anyMatch(p -> p.name().equals("ttft_slo"));
    if (judges && ttft != null) {
      parameters.put("ttft_slo", ttft.toString());
    }
    if (judges && tpot != null) {
      parameters.put("tpot_slo", tpot.toString());
    }
    if (question.parameters().stream().anyMatch(p -> p.name().equals("target")) && target != null) {
      parameters.put("target", target.toString());
    }
    BoundQuestion bound = question.bind(parameters);
    return queries.query(bound.sql(), bound.values());
  }

  private void plan(String experiment) {
    List<@Nullable Object> plans =
        queries
            .query(
                """
                SELECT DISTINCT plan FROM run_started
                WHERE experiment = $1 AND plan IS NOT NULL\
                """,
                List.of(experiment))
            .column("plan");
    for (Object plan : plans) {
      heading("Plan");
      page.append("<pre>").append(escaped(String.valueOf(plan))).append("</pre>\n");
    }
  }

  private void heading(String text) {
    page.append("<h2>").append(escaped(text)).append("</h2>\n");
  }

  private void table(QueryResult rows) {
    page.append("<table><thead><tr>");
    rows.columns()
        .forEach(column -> page.append("<th>").append(escaped(column.name())).append("</th>"));
    page.append("</tr></thead><tbody>\n");
    for (List<@Nullable Object> row : rows.rows()) {
      page.append("<tr>");
      for (Object value : row) {
        page.append(value instanceof Number ? "<td class=\"number\">" : "<td>")
            .append(escaped(text(value)))
            .append("</td>");
      }
      page.append("</tr>\n");
    }
    page.append("</tbody></table>\n");
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Double number && Double.isFinite(number)) {
      return new java.math.BigDecimal(number)
          .round(new java.math.MathContext(4))
          .stripTrailingZeros()
          .toPlainString();
    }
    return Csv.plain(value);
  }

  /** Text that cannot be taken for markup. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
