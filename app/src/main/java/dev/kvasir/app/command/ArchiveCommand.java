package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Archiving;
import dev.kvasir.app.pipeline.CatchUp;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.PipelineSettings;
import dev.kvasir.app.pipeline.Session;
import dev.kvasir.app.pipeline.Timings;
import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.producer.plan.PlanDuration;
import dev.kvasir.sink.archive.LogArchive;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Copies the log into files by run. */
@Command(
    name = "archive",
    sortOptions = false,
    description = {
      "Copy what is new in the log into the home's archive, files by run that are read again and",
      "compared before they count; 'kvasir replay' reads them. With --expire, let go of what has",
      "been copied, so that the log stays small. Works while a run goes on."
    },
    footer = {
      "%nExamples:",
      "  kvasir archive",
      "  kvasir archive --expire --older-than 30m     (in a soak, now and then)"
    })
final class ArchiveCommand implements Callable<ExitCode> {

  private static final Duration LANDING = Duration.ofMinutes(5);

  @ParentCommand private Kvasir kvasir;
  @Mixin private LogOptions log;
  @Mixin private JsonOption json;

  @Option(
      names = "--expire",
      description = "Delete records from the log that are archived, loaded and old enough.")
  private boolean expire;

  @Option(
      names = "--older-than",
      paramLabel = "DURATION",
      description = "With --expire: how old records must be, such as 30m or 72h (default: 1h).")
  private String olderThan = "1h";

  @Override
  public ExitCode call() throws InterruptedException {
    Duration age = age();
    if (!kvasir.home().exists()) {
      throw new Refusal(
          ExitCode.USAGE,
          "there is nothing in %s yet: run something first, or name another home with --home"
              .formatted(kvasir.home().folder()));
    }
    Logs.into(kvasir.home(), "archive");
    PipelineSettings settings =
        new PipelineSettings("archive", log.outside(), log.layout(), 0, null);
    try (Session session = Session.open(kvasir.home(), settings, new Timings())) {
      session.awaitReady();
      Archiving archiving = new Archiving(session.home(), session.log());
      LogArchive.Added added = archiving.extend();
      report(added, expire ? Long.valueOf(expire(session, archiving, age)) : null);
    }
    return ExitCode.OK;
  }

  private Duration age() {
    try {
      return PlanDuration.parse("--older-than", olderThan);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static long expire(Session session, Archiving archiving, Duration age)
      throws InterruptedException {
    try (Warehouse warehouse = session.warehouse()) {
      CatchUp.await(session.log(), warehouse, LANDING);
      return archiving.expire(warehouse, age);
    }
  }

  private void report(LogArchive.Added added, @Nullable Long expired) {
    if (json.wanted()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("records", added.records());
      report.put("files", added.files());
      report.put("runs", added.runs());
      if (expired != null) {
        report.put("expired", expired);
      }
      json.print(kvasir.terminal().out(), report);
      return;
    }
    kvasir
        .terminal()
        .out()
        .printf(
            Locale.ROOT,
            "%,d records of %s copied into %,d files in %s%n",
            added.records(),
            PlanWords.runs(added.runs()),
            added.files(),
            kvasir.home().archive());
    if (expired != null) {
      kvasir.terminal().out().printf(Locale.ROOT, "%,d records have left the log%n", expired);
    }
  }
}
