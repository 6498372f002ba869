package dev.kvasir.app.chaos;

import dev.kvasir.app.pipeline.LogEnd;
import dev.kvasir.sink.warehouse.QueryLimits;
import dev.kvasir.sink.warehouse.WarehouseReader;
import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares the log, the tables and the simulator's record. Owned by one thread. */
final class Inquest {

  private static final QueryLimits LIMITS = new QueryLimits(Duration.ofMinutes(5), 5_000_000);
  private static final long MEMORY_BYTES = 1L << 30;
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private final Arena arena;
  private final Ticker ticker = Ticker.system();

  Inquest(Arena arena) {
    this.arena = arena;
  }

  /** Waits until nothing moves any more, stops streams and sink, and looks. */
  List<Finding> findings(Consumer<String> news) throws InterruptedException {
    boolean caughtUp = awaitWindows() && awaitTables();
    arena.process(Part.STREAMS).end();
    caughtUp &= awaitTables();
    arena.process(Part.SINK).end();
    arena.process(Part.SIMULATOR).end();
    news.accept("reading the log, the tables and the simulator's record");
    LogRecords log = LogRecords.read(arena.log());
    Map<String, Emitted> emitted = Emitted.read(arena.emissions());
    List<Finding> findings = new ArrayList<>();
    findings.add(
        new Finding(
            "streams and sink have read all of the log",
            caughtUp,
            "within %d s".formatted(CAUGHT_UP_WITHIN.toSeconds())));
    findings.add(duplicates(log));
    findings.add(ends(log));
    findings.add(verdicts(log));
    findings.add(new Truth(log, emitted).inventions());
    findings.add(new Truth(log, emitted).losses());
    try (WarehouseReader tables =
        WarehouseReader.open(
            Chaos.tables(arena).warehouse(), Chaos.tables(arena).exports(), LIMITS, MEMORY_BYTES)) {
      findings.addAll(tables(log, tables));
    }
    return findings;
  }

  /** Waits until the whole-run windows hold as many chunks as the log. */
  private boolean awaitWindows() throws InterruptedException {
    return await(() -> LogRecords.windowsAreComplete(arena.log()));
  }

  private boolean awaitTables() throws InterruptedException {
    LogEnd end = LogEnd.of(arena.log(), EnumSet.allOf(Topic.class));
    return await(() -> TablesSeen.through(Chaos.tables(arena)).reach(end));
  }

  /** Something that becomes true. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private boolean await(Condition condition) throws InterruptedException {
    long until = ticker.nanos() + CAUGHT_UP_WITHIN.toNanos();
    while (!condition.holds()) {
      if (ticker.nanos() > until) {
        return false;
      }
      Pause.of(BETWEEN_LOOKS);
    }
    return true;
  }

  private static Finding duplicates(LogRecords log) {
    long doubled = log.requests().values().stream().mapToLong(RequestRecords::doubled).sum();
    return new Finding(
        "no event is in the log twice",
        doubled == 0,
        String.format(Locale.ROOT, "%,d doubled of %,d", doubled, log.events()));
  }

  private static Finding ends(LogRecords log) {
    List<String> missing = new ArrayList<>();
    Set<Long> measured = new HashSet<>();
    log.requests()
        .forEach((key, request) -> {
          if (key.ordinal() >= 0) {
            measured.add(key.run());
          }
          if (request.ends() != 1) {
            missing.add(key.toString());
          }
        });
    log.runs().values().stream()
        .filter(run -> measured.contains(run.number()))
        .forEach(run ->
            run.planned()
                .filter(
                    ordinal -> !log.requests().containsKey(new RequestKey(run.number(), ordinal)))
                .forEach(ordinal -> missing.add(run.id() + "/" + ordinal)));
    return new Finding(
        "every request that was due has one end",
        missing.isEmpty(),
        missing.isEmpty()
            ? String.format(Locale.ROOT, "%,d requests", log.requests().size())
            : "%d have not, such as %s".formatted(missing.size(), missing.getFirst()));
  }

  private static Finding verdicts(LogRecords log) {
    Map<String, Integer> counts = new TreeMap<>();
    List<String> without = new ArrayList<>();
    log.runs()
        .values()
        .forEach(run -> {
          String verdict = run.verdict();
          if (verdict == null || run.finishes() != 1) {
            without.add(run.id());
          } else {
            counts.merge(verdict, 1, Integer::sum);
          }
        });
    return new Finding(
        "every run has one verdict",
        without.isEmpty() && !log.runs().isEmpty(),
        without.isEmpty() ? counts.toString() : without.size() + " have none: " + without);
  }

  private List<Finding> tables(LogRecords log, WarehouseReader tables) {
    List<Finding> findings = new ArrayList<>();
    Map<RequestKey, List<Long>> inTables = new LinkedHashMap<>();
    tables
        .query(resource("requests.sql"), List.of())
        .rows()
        .forEach(row ->
            inTables.put(
                new RequestKey(number(row.get(0)), (int) number(row.get(1))),
                row.subList(2, row.size()).stream().map(Inquest::number).toList()));
    Map<RequestKey, List<Long>> inLog = new LinkedHashMap<>();
    log.requests().forEach((key, request) -> inLog.put(key, request.sums()));
    findings.add(same("requests and tokens in the tables are those in the log", inLog, inTables));
    Map<RequestKey, List<Long>> others = new LinkedHashMap<>();
    tables
        .query(resource("others.sql"), List.of())
        .rows()
        .forEach(row ->
            others.put(
                new RequestKey(number(row.get(1)), log.kindOf(String.valueOf(row.get(0)))),
                List.of(number(row.get(2)), number(row.get(3)))));
    findings.add(same("so are runs, samples, windows and alerts", log.others(), others));
    findings.add(none(tables, "windows count what SQL counts", "windows-that-differ.sql"));
    findings.add(none(tables, "nothing is in quarantine", "quarantined.sql"));
    return findings;
  }

  private static Finding same(
      String what, Map<RequestKey, List<Long>> log, Map<RequestKey, List<Long>> tables) {
    List<String> differences =
        Stream.concat(log.keySet().stream(), tables.keySet().stream())
            .distinct()
            .filter(key -> !Objects.equals(log.get(key), tables.get(key)))
            .map(key -> "%s: log %s, tables %s".formatted(key, log.get(key), tables.get(key)))
            .toList();
    return new Finding(
        what,
        differences.isEmpty(),
        differences.isEmpty()
            ? String.format(Locale.ROOT, "%,d groups", log.size())
            : "%d differ, such as %s".formatted(differences.size(), differences.getFirst()));
  }

  private static Finding none(WarehouseReader tables, String what, String query) {
    var found = tables.query(resource(query), List.of()).rows();
    return new Finding(
        what,
        found.isEmpty(),
        found.isEmpty() ? "none differs" : found.size() + " differ, such as " + found.getFirst());
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Inquest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }
}
