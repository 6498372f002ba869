package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.CatchUp;
import dev.kvasir.app.pipeline.LogWriter;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.PipelineSettings;
import dev.kvasir.app.pipeline.RunChoice;
import dev.kvasir.app.pipeline.Session;
import dev.kvasir.app.pipeline.Timings;
import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.time.WallClock;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Says something about runs by one event for each of them. */
final class EventEdit {

  private static final Duration LANDING = Duration.ofSeconds(60);

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "All runs of this experiment, instead of RUN.")
  private @Nullable String experiment;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "Of that experiment, only the runs of this strategy.")
  private @Nullable String strategy;

  /** Whether the runs are chosen by experiment, so that no RUN is given. */
  boolean choosesByExperiment() {
    if (strategy != null && experiment == null) {
      throw new Refusal(ExitCode.USAGE, "--strategy needs --experiment");
    }
    return experiment != null;
  }

  /**
   * Writes an event for each chosen run, and waits until the tables have it.
   *
   * @param run id, number, or end of an id; null when the runs are chosen by experiment
   * @param event the event of a run, at an epoch nanosecond
   * @return the runs
   */
  List<RunChoice> apply(
      Kvasir kvasir, @Nullable String run, BiFunction<Long, Long, SpecificRecord> event)
      throws InterruptedException {
    return applyAll(kvasir, run, (number, at) -> Stream.of(event.apply(number, at)));
  }

  /** The same with several events for each run. */
  List<RunChoice> applyAll(
      Kvasir kvasir,
      @Nullable String run,
      BiFunction<Long, Long, Stream<? extends SpecificRecord>> events)
      throws InterruptedException {
    requireHome(kvasir);
    Logs.into(kvasir.home(), "edit");
    PipelineSettings settings =
        new PipelineSettings("edit", null, new LogOptions().layout(), 0, null);
    try (Session session = Session.open(kvasir.home(), settings, new Timings())) {
      session.awaitReady();
      try (Warehouse warehouse = session.warehouse();
          LogWriter writer = LogWriter.open(session.log(), "edit")) {
        CatchUp.await(session.log(), warehouse, LANDING);
        List<RunChoice> runs = choose(warehouse, run);
        long at = WallClock.system().epochNanos();
        runs.forEach(each -> writer.write(events.apply(each.run(), at)));
        writer.commit();
        CatchUp.await(session.log(), warehouse, LANDING);
        return runs;
      }
    }
  }

  private static void requireHome(Kvasir kvasir) {
    if (!kvasir.home().exists()) {
      throw new Refusal(
          ExitCode.USAGE,
          "there is nothing in %s yet: run or import something first, or name another home with --home"
              .formatted(kvasir.home().folder()));
    }
  }

  private List<RunChoice> choose(Warehouse warehouse, @Nullable String run) {
    if (experiment != null) {
      List<RunChoice> found = RunChoice.of(warehouse, experiment, strategy);
      if (found.isEmpty()) {
        throw new Refusal(
            ExitCode.USAGE,
            "there is no run of experiment %s%s; 'kvasir runs' lists them"
                .formatted(experiment, strategy == null ? "" : " and strategy " + strategy));
      }
      return found;
    }
    return List.of(KnownNames.run(warehouse, String.valueOf(run)));
  }
}
