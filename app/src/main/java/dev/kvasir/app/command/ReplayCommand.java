package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.Replay;
import dev.kvasir.sink.warehouse.Selection;
import dev.kvasir.sink.warehouse.TableSum;
import dev.kvasir.topic.Topic;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Makes the tables anew from the log. */
@Command(
    name = "replay",
    sortOptions = false,
    description = {
      "Make the tables anew from the log and, for what has left it, from the archive; the old ones",
      "stay until the new ones are whole. Nothing else may use the home meanwhile. A part of the",
      "log goes into a file of its own (-o)."
    },
    footer = {
      "%nExamples:",
      "  kvasir replay",
      "  kvasir replay --streams",
      "  kvasir replay --run 1700000000000000 -o one-run.duckdb",
      "  kvasir replay --since 2026-11-01T00:00:00Z --until 2026-11-02T00:00:00Z -o day.duckdb",
      "  kvasir replay --from-topic-offsets kvasir.tokens:0=120000,kvasir.tokens:1=90000 -o x.duckdb"
    })
final class ReplayCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private LogOptions log;
  @Mixin private JsonOption json;

  @Option(
      names = "--run",
      paramLabel = "NUMBER",
      split = ",",
      description = "Only these runs (their numbers; 'kvasir sql \"SELECT run, id FROM runs\"').")
  private Set<Long> runs = new HashSet<>();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only what happened at this time or later, ISO 8601; runs are always read.")
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Only what happened before this time, ISO 8601.")
  private @Nullable String until;

  @Option(
      names = "--from-topic-offsets",
      paramLabel = "TOPIC:PARTITION=OFFSET",
      split = ",",
      description = "Where reading starts; partitions that are not named start at their beginning.")
  private Map<String, Long> offsets = new LinkedHashMap<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write into this DuckDB file, replacing it, instead of the home's tables.")
  private @Nullable Path output;

  @Option(
      names = "--streams",
      description =
          "First have the stream stage forget all and make the live windows anew from the log.")
  private boolean streams;

  @Option(
      names = "--even-if-less",
      description = "Replace the home's tables even when the log holds less than they do.")
  private boolean evenIfLess;

  @Override
  public ExitCode call() throws InterruptedException {
    Selection selection = selection();
    if (!selection.isAll() && output == null) {
      throw new Refusal(
          ExitCode.USAGE, "a part of the log needs a file of its own: name it with -o FILE");
    }
    if (streams && output != null) {
      throw new Refusal(
          ExitCode.USAGE, "--streams makes the windows of the home's log anew; leave -o away");
    }
    Logs.into(kvasir.home(), "replay");
    Replay replay = new Replay(kvasir.home(), log.outside(), this::progress);
    Long windows = streams ? (Long) replay.windows() : null;
    Replay.Outcome outcome =
        output == null ? replay.everything(evenIfLess) : part(replay, selection, output);
    report(outcome, windows);
    return ExitCode.OK;
  }

  private static Replay.Outcome part(Replay replay, Selection selection, Path file)
      throws InterruptedException {
    try {
      return replay.part(selection, file);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private Selection selection() {
    Map<TopicPartition, Long> from = new HashMap<>();
    offsets.forEach((partition, offset) -> from.put(partition(partition, offset), offset));
    try {
      return new Selection(runs, nanos("--since", since), nanos("--until", until), from);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static TopicPartition partition(String text, long offset) {
    List<String> topics = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    int colon = text.lastIndexOf(':');
    String topic = colon < 0 ? text : text.substring(0, colon);
    String number = text.substring(colon + 1);
    if (!topics.contains(topic) || !number.matches("[0-9]{1,5}") || offset < 0) {
      throw new Refusal(
          ExitCode.USAGE,
          "--from-topic-offsets has %s=%d; expected TOPIC:PARTITION=OFFSET with a topic of %s"
              .formatted(text, offset, String.join(", ", topics)));
    }
    return new TopicPartition(topic, Integer.parseInt(number));
  }

  private static @Nullable Long nanos(String option, @Nullable String time) {
    if (time == null) {
      return null;
    }
    try {
      Instant instant = Instant.parse(time);
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new Refusal(
          ExitCode.USAGE,
          "%s is %s; expected a time such as 2026-11-01T12:00:00Z".formatted(option, time));
    }
  }

  private void progress(long rows) {
    if (kvasir.terminal().interactive()) {
      kvasir.terminal().err().printf(Locale.ROOT, "\r%,d rows ", rows);
      kvasir.terminal().err().flush();
    }
  }

  private void report(Replay.Outcome outcome, @Nullable Long windows) {
    PrintWriter out = kvasir.terminal().out();
    double seconds = outcome.took().toMillis() / 1e3;
    if (json.wanted()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("file", outcome.file().toString());
      report.put("rows", outcome.rows());
      report.put("seconds", seconds);
      if (windows != null) {
        report.put("windows", windows);
      }
      report.put("before", outcome.before());
      report.put("tables", outcome.tables());
      json.print(out, report);
      return;
    }
    if (kvasir.terminal().interactive()) {
      kvasir.terminal().err().println();
    }
    if (windows != null) {
      out.printf(Locale.ROOT, "%,d versions of windows made anew%n", windows);
    }
    table(out, outcome);
    out.printf(
        Locale.ROOT,
        "%,d rows in %.1f s, %,.0f a second: %s%n",
        outcome.rows(),
        seconds,
        outcome.rows() / Math.max(seconds, 1e-3),
        outcome.file());
  }

  private static void table(PrintWriter out, Replay.Outcome outcome) {
    Map<String, TableSum> before =
        outcome.before().stream().collect(Collectors.toMap(TableSum::table, table -> table));
    TextTable table = new TextTable(List.of("table", ">rows", "checksum", "before"));
    for (TableSum each : outcome.tables()) {
      if (each.rows() > 0 || before.containsKey(each.table())) {
        TableSum old = before.get(each.table());
        table.add(
            List.of(
                each.table(),
                String.format(Locale.ROOT, "%,d", each.rows()),
                each.checksum(),
                old == null
                    ? "-"
                    : old.equals(each)
                        ? "the same"
                        : String.format(Locale.ROOT, "%,d rows", old.rows())));
      }
    }
    table.lines().forEach(out::println);
  }
}
