package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.DiskGuard;
import dev.kvasir.app.pipeline.EmissionCounts;
import dev.kvasir.app.pipeline.EventCounts;
import dev.kvasir.app.pipeline.GeneratorNews;
import dev.kvasir.app.pipeline.LogEnd;
import dev.kvasir.app.pipeline.Session;
import dev.kvasir.app.pipeline.Timings;
import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.sink.figure.FigureFiles;
import dev.kvasir.sink.figure.FigureKind;
import dev.kvasir.sink.figure.FigureRequest;
import dev.kvasir.sink.figure.Figures;
import dev.kvasir.sink.warehouse.QueryRefusedException;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.time.Pause;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a finished plan shows. */
final class RunReport {

  private static final String UNEQUAL = "NOT EQUAL";
  private static final long MOST_EMISSION_BYTES = 1L << 30;
  private static final Logger LOG = LoggerFactory.getLogger(RunReport.class);

  private static final int LOOKS = 50;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private static final Set<String> USABLE = Set.of("VALID", "OVERLOADED");

  private final PrintWriter out;
  private final Session session;
  private final Warehouse warehouse;
  private final Plan plan;

  RunReport(Terminal terminal, Session session, Plan plan) {
    this.out = terminal.out();
    this.session = session;
    this.warehouse = session.warehouse();
    this.plan = plan;
  }

  /** Whether a run's numbers may be used as they are. */
  static boolean isUsable(GeneratorNews.Finished run) {
    return USABLE.contains(run.verdict());
  }

  /** A row for each cell of the experiment. */
  void table() {
    out.println();
    CellTable.print(out, warehouse.ask("cells", Map.of("experiment", plan.experiment())));
  }

  /**
   * The alerts of the runs, once the tables hold the last windows that rules are judged by.
   *
   * @param ofDisk whether there is one of the home's disk
   * @return whether there is any
   */
  boolean alerts(Plan plan, List<GeneratorNews.Finished> runs, boolean ofDisk)
      throws InterruptedException {
    if ((plan.alerts().isEmpty() && !ofDisk) || runs.isEmpty()) {
      return false;
    }
    String list =
        runs.stream().map(run -> String.valueOf(run.run())).collect(Collectors.joining(", "));
    awaitWindows(list);
    if (ofDisk) {
      awaitNone(
          "SELECT 1 - least(count(*), 1) FROM alert_raised WHERE rule = '%s' AND run IN (%s)"
              .formatted(DiskGuard.RULE, list));
    }
    QueryResult raised =
        warehouse.query(
            """
            SELECT r.id, a.rule, a.metric, a.value, a.threshold,
              (a.raised_at_ns - r.started_at_ns) / 1e9 AS raised_s,
              (a.cleared_at_ns - r.started_at_ns) / 1e9 AS cleared_s
            FROM alerts a JOIN (SELECT run, id, at_ns AS started_at_ns FROM run_started) r USING (run)
            WHERE a.run IN (%s) ORDER BY a.raised_at_ns
            """
                .formatted(list));
    for (List<@Nullable Object> row : raised.rows()) {
      out.printf(
          "Alert %s: %s of %s was %s (limit %s) %s s after its start%s%n",
          row.get(1),
          row.get(2),
          row.get(0),
          TextTable.number(row.get(3)),
          TextTable.number(row.get(4)),
          TextTable.number(row.get(5)),
          row.get(6) == null
              ? ", not cleared"
              : ", cleared after " + TextTable.number(row.get(6)) + " s");
    }
    return !raised.rows().isEmpty();
  }

  /** Alerts are committed with the windows that raise them; not for ever. */
  private void awaitWindows(String runs) throws InterruptedException {
    String behind =
        """
        SELECT count(*) FROM run_finished f WHERE f.run IN (%s) AND NOT EXISTS (
          SELECT 1 FROM windows w WHERE w.run = f.run AND w.seconds = 0
            AND w.ok + w.failed >= (
              SELECT count(*) FROM request_finished q WHERE q.run = f.run AND q.phase = 'MEASURE'))
        """
            .formatted(runs);
    awaitNone(behind);
  }

  /** Waits until a count is zero; not for ever. */
  private void awaitNone(String counted) throws InterruptedException {
    for (int looks = 0; looks < LOOKS && count(counted) > 0; looks++) {
      Pause.of(BETWEEN_LOOKS);
    }
  }

  /** What searches found, a sentence each. */
  void findings(List<String> findings) {
    if (!findings.isEmpty()) {
      out.println();
      findings.forEach(out::println);
    }
  }

  /** When the first request of each phase was sent. */
  void timings(Timings timings, List<GeneratorNews.Finished> runs) {
    if (runs.isEmpty()) {
      return;
    }
    long first = runs.getFirst().run();
    QueryResult sent =
        warehouse.query(
            "SELECT phase, min(at_ns) FROM request_sent WHERE run = $1 GROUP BY phase ORDER BY 2",
            first);
    for (List<@Nullable Object> row : sent.rows()) {
      if (row.get(1) instanceof Number at) {
        timings.markAt(
            "first request of phase " + row.get(0), Instant.ofEpochSecond(0, at.longValue()));
      }
    }
  }

  /** What was measured against what the simulators emitted. */
  void truth(Path emissions, LogEnd from, List<GeneratorNews.Finished> runs) {
    if (session instanceof Session.Attached || runs.isEmpty()) {
      return;
    }
    out.println();
    out.println("Measured against the simulators' own record of what they emitted:");
    Path file = emissions.resolve("emissions.csv");
    String tooLarge = tooLarge(file);
    if (tooLarge != null) {
      out.printf(
          "  times are not compared: %s%n  later: kvasir ask truth --experiment %s --emissions %s%n",
          tooLarge, plan.experiment(), file);
    }
    counts(emissions, from, runs);
  }

  /** Why the times of a record are not compared now; null when they were. */
  private @Nullable String tooLarge(Path emissions) {
    try {
      long bytes = Files.size(emissions);
      if (bytes > MOST_EMISSION_BYTES) {
        return String.format(Locale.ROOT, "the record has %.1f GB", bytes / 1e9);
      }
      stampErrors(emissions);
      return null;
    } catch (QueryRefusedException e) {
      return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(emissions + " cannot be read", e);
    }
  }

  private void stampErrors(Path emissions) {
    QueryResult truth =
        warehouse.truth(List.of(emissions), Map.of("experiment", plan.experiment()));
    TextTable table =
        new TextTable(List.of("  metric", ">n", ">p50 error ms", ">p99 error ms", ">max error ms"));
    for (int i = 0; i < truth.rows().size(); i++) {
      table.add(
          List.of(
              "  " + truth.column("metric").get(i),
              TextTable.number(truth.column("matched").get(i)),
              precise(truth.column("p50_error_ms").get(i)),
              precise(truth.column("p99_error_ms").get(i)),
              precise(truth.column("max_error_ms").get(i))));
    }
    table.lines().forEach(out::println);
  }

  private void counts(Path emissions, LogEnd from, List<GeneratorNews.Finished> runs) {
    Set<Long> numbers = runs.stream().map(GeneratorNews.Finished::run).collect(Collectors.toSet());
    EventCounts log = EventCounts.of(session.log(), from, numbers);
    EventCounts tables = tables(numbers);
    EmissionCounts truth = new EmissionCounts(emissions);
    long emitted = truth.emissions();
    long taken = truth.requests();
    boolean whole = log.gone() == 0;
    if (!whole) {
      out.printf(
          Locale.ROOT,
          "  %,d records of these runs have left the topics for the archive, and are in DuckDB%n",
          log.gone());
    }
    boolean loaded = !whole || log.equals(tables);
    out.printf(
        Locale.ROOT,
        "  requests: %s%,d in DuckDB, %,d in the simulators' record: %s%n",
        whole ? String.format(Locale.ROOT, "%,d in the topics, ", log.requests()) : "",
        tables.requests(),
        taken,
        loaded && tables.requests() == taken ? "equal" : UNEQUAL);
    out.printf(
        Locale.ROOT,
        "  chunks:   %s%,d in DuckDB, %,d in the simulators' record: %s%n",
        whole ? String.format(Locale.ROOT, "%,d in the topics, ", log.tokens()) : "",
        tables.tokens(),
        emitted,
        loaded ? chunks(truth, emitted, tables.tokens(), numbers) : UNEQUAL);
  }

  /** Whether all that was emitted was received, but by requests that did not end well. */
  private String chunks(EmissionCounts truth, long emitted, long received, Set<Long> runs) {
    if (emitted == received) {
      return "equal";
    }
    String cutOff = "f.sent_at_ns IS NOT NULL AND f.outcome <> 'OK' AND f.run IN " + list(runs);
    Object ids =
        warehouse
            .query(
                "SELECT CASE WHEN count(*) <= 100000 THEN"
                    + " string_agg(s.id || '/' || f.ordinal, ' ') END FROM request_finished f"
                    + " JOIN run_started s ON s.run = f.run WHERE "
                    + cutOff)
            .rows()
            .getFirst()
            .getFirst();
    if (ids == null) {
      return UNEQUAL;
    }
    Set<String> requests = Set.copyOf(List.of(ids.toString().split(" ")));
    long theirs =
        count(
            "SELECT count(*) FROM token t JOIN run_code c ON c.code = t.run_code"
                + " JOIN request_finished f ON f.run = c.run AND f.ordinal = t.ordinal WHERE "
                + cutOff);
    return truth.emissions(requests) - theirs == emitted - received
        ? String.format(
            Locale.ROOT,
            "equal but for %,d that were emitted to %,d requests which did not end well",
            emitted - received,
            requests.size())
        : UNEQUAL;
  }

  private EventCounts tables(Set<Long> runs) {
    String list = list(runs);
    return new EventCounts(
        count(
            "SELECT count(*) FROM request_finished WHERE sent_at_ns IS NOT NULL AND run IN "
                + list),
        count("SELECT count(*) FROM token JOIN run_code ON code = run_code WHERE run IN " + list),
        0);
  }

  private long count(String sql) {
    return warehouse.query(sql).rows().getFirst().getFirst() instanceof Number number
        ? number.longValue()
        : 0;
  }

  private static String list(Set<Long> runs) {
    return runs.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String precise(@Nullable Object millis) {
    return millis instanceof Number number
        ? String.format(java.util.Locale.ROOT, "%.3f", number.doubleValue())
        : "-";
  }

  /** Draws the main figures into the home and says where; one that lacks runs is left out. */
  void figures() {
    Path folder = session.home().figures(plan.experiment());
    String where = "experiment = '%s'".formatted(plan.experiment().replace("'", "''"));
    int drawn = 0;
    String axis = isOpen() ? "rate" : "concurrency";
    for (FigureKind kind : FigureKind.MAIN) {
      try {
        FigureRequest request = FigureRequest.of(kind, where).along(axis);
        FigureFiles.write(new Figures(warehouse.queries()).draw(request), folder, FigureFiles.ALL);
        drawn++;
      } catch (IllegalArgumentException | QueryRefusedException e) {
        LOG.info("a figure is left out of=\"{}\" reason=\"{}\"", kind.meaning(), e.getMessage());
      } catch (IOException e) {
        out.printf("The figures cannot be written to %s: %s%n", folder, e.getMessage());
        return;
      }
    }
    if (drawn > 0) {
      out.printf("%nFigures (PDF, SVG, PNG, with data and caption): %s%n", folder);
    }
  }

  private boolean isOpen() {
    return !warehouse
        .query(
            "SELECT 1 FROM run_started WHERE experiment = ? AND load_rate IS NOT NULL LIMIT 1",
            plan.experiment())
        .rows()
        .isEmpty();
  }

  /**
   * Where the data is, and commands to go on with.
   *
   * @param goingOn the words that make the runs that are still to be made; null when all are
   */
  void whatNext(@Nullable String goingOn) {
    out.println();
    out.printf("Everything is in %s%n", session.home().warehouse());
    out.println("Next:");
    NextCommands.of(session.home(), plan.experiment(), goingOn)
        .forEach(command -> out.printf("  %s%n", command));
  }
}
