package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.statistics.Interval;
import dev.kvasir.sink.statistics.SignTest;
import dev.kvasir.sink.warehouse.QueryResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Puts strategies beside each other, and says what else differs between them. */
@Command(
    name = "compare",
    description = {
      "Compare strategies, load point by load point: what else differs between them, then means over"
          + " the repeats with 95 %% intervals, and paired differences to the baseline.",
      "Refuses when more than the strategy differs, unless --anyway."
    },
    footer = {
      "%nExamples:",
      "  kvasir compare quickstart --baseline recompute",
      "  kvasir compare quickstart/recompute quickstart/hbm-prefix --ttft-slo 125ms",
      "  kvasir compare january/lmcache june/lmcache --anyway --format csv"
    })
final class CompareCommand implements Callable<ExitCode> {

  /** More rows with one remark are counted. */
  private static final int MOST_NAMED = 4;

  @ParentCommand private Kvasir kvasir;
  @Mixin private ResultPrinter printer;
  @Mixin private SloOptions slo;

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description =
          "An experiment (all its strategies), a strategy, experiment/strategy, or an imported"
              + " folder.")
  private List<String> names = List.of();

  @Option(
      names = "--baseline",
      paramLabel = "STRATEGY",
      description = "What the others are compared with (default: the first).")
  private @Nullable String baseline;

  @Option(names = "--anyway", description = "Compare although more than the strategy differs.")
  private boolean anyway;

  @Override
  public ExitCode call() throws InterruptedException {
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      Map<String, String> parameters = new LinkedHashMap<>();
      List<String> subjects = Subjects.resolve(warehouse, names);
      parameters.put("subjects", String.join(",", subjects));
      boolean alike = sayDifferences(warehouse.ask("differences", parameters));
      if (!alike && !anyway) {
        throw new Refusal(
            ExitCode.USAGE,
            "more than the strategy differs (above), so a difference between the numbers may have"
                + " another reason; compare all the same with --anyway");
      }
      slo.addTo(parameters);
      if (baseline != null) {
        parameters.put("baseline", named(subjects, baseline));
      }
      QueryResult compared = withSignTest(warehouse.ask("compare", parameters));
      if (printer.format() == ResultPrinter.Format.TABLE) {
        ComparisonTable.print(kvasir.terminal().out(), compared);
      } else {
        printer.print(kvasir.terminal(), compared);
      }
      sayLeftOut(compared);
    }
    return ExitCode.OK;
  }

  /** The baseline as the answer names it: with its experiment where there are several. */
  private static String named(List<String> subjects, String baseline) {
    List<String> found =
        subjects.stream()
            .filter(subject -> subject.equals(baseline) || subject.endsWith("/" + baseline))
            .toList();
    if (found.size() != 1) {
      throw new Refusal(
          ExitCode.USAGE,
          "--baseline is %s; expected one of %s".formatted(baseline, String.join(", ", subjects)));
    }
    String subject = found.getFirst();
    boolean several = subjects.stream().map(CompareCommand::experiment).distinct().count() > 1;
    return several ? subject : subject.substring(experiment(subject).length() + 1);
  }

  private static String experiment(String subject) {
    return subject.substring(0, subject.lastIndexOf('/'));
  }

  /** Lists what differs, and tells whether nothing does. */
  private boolean sayDifferences(QueryResult differences) {
    PrintWriter err = kvasir.terminal().err();
    if (differences.rows().isEmpty()) {
      return true;
    }
    err.println("Besides the strategy, these differ:");
    for (List<@Nullable Object> row : differences.rows()) {
      err.printf("  %-14s %s: %s%n", row.get(0), row.get(1), row.get(2));
    }
    return false;
  }

  private void sayLeftOut(QueryResult compared) {
    PrintWriter err = kvasir.terminal().err();
    long leftOut =
        compared.column("left_out").stream()
            .mapToLong(value -> value instanceof Number number ? number.longValue() : 0)
            .sum();
    if (leftOut > 0) {
      err.printf(
          "%d runs are not counted: their verdict is not valid, overloaded or server-failed.%n",
          leftOut);
    }
    sayFlags(err, compared);
  }

  /** Names the rows whose p99 TTFT rests on too few repeats, or on ones that differ much. */
  private static void sayFlags(PrintWriter err, QueryResult compared) {
    Map<String, List<String>> flagged = new LinkedHashMap<>();
    for (int i = 0; i < compared.rows().size(); i++) {
      String flag = flag(compared, i);
      if (flag != null) {
        flagged
            .computeIfAbsent(flag, _ -> new ArrayList<>())
            .add(
                compared.column("strategy").get(i) + " at " + compared.column("load_point").get(i));
      }
    }
    flagged.forEach((flag, rows) ->
        err.printf(
            "Read with care: p99 TTFT of %s: %s.%n",
            rows.size() > MOST_NAMED
                ? "%d of %d rows".formatted(rows.size(), compared.rows().size())
                : String.join(", ", rows),
            flag));
  }

  private static @Nullable String flag(QueryResult compared, int row) {
    Double repeats = number(compared, "repeats", row);
    return new Interval(
            repeats == null ? 0 : repeats.intValue(),
            number(compared, "p99_ttft_ms", row),
            number(compared, "std_p99_ttft_ms", row),
            number(compared, "p99_ttft_low", row),
            number(compared, "p99_ttft_high", row))
        .flag();
  }

  private static @Nullable Double number(QueryResult result, String column, int row) {
    return result.column(column).get(row) instanceof Number number
        ? (Double) number.doubleValue()
        : null;
  }

  /** Adds the sign test's probability over the pairs of requests. */
  private static QueryResult withSignTest(QueryResult compared) {
    List<QueryResult.Column> columns = new ArrayList<>(compared.columns());
    columns.add(new QueryResult.Column("sign_p", "DOUBLE"));
    List<Object> better = new ArrayList<>(compared.column("better"));
    List<Object> worse = new ArrayList<>(compared.column("worse"));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < compared.rows().size(); i++) {
      List<@Nullable Object> row = new ArrayList<>(compared.rows().get(i));
      row.add(
          better.get(i) instanceof Number more && worse.get(i) instanceof Number less
              ? (Double) SignTest.probability(more.longValue(), less.longValue())
              : null);
      rows.add(row);
    }
    return new QueryResult(columns, rows, compared.truncated());
  }
}
