package dev.kvasir.app.command;

import dev.kvasir.app.meter.Condition;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.StageConditions;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.app.pipeline.Topics;
import dev.kvasir.streams.StreamsSettings;
import dev.kvasir.streams.StreamsStage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The stream stage alone. */
@Command(
    name = "stream",
    sortOptions = false,
    description = "Compute live windows and alerts over an outside Kafka until stopped.",
    footer = {
      "%nExamples:",
      "  kvasir stream --bootstrap-servers k:9092 --schema-registry http://r:8081",
      "  (several with different --home share the work)"
    })
final class StreamCommand implements Callable<ExitCode> {

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  @ParentCommand private Kvasir kvasir;
  @Mixin private LogOptions log;
  @Mixin private MeterOptions metrics;

  @Option(names = "--threads", paramLabel = "N", description = "Stream threads (default: 1).")
  private int threads = 1;

  @Override
  public ExitCode call() throws InterruptedException {
    Logs.into(kvasir.home(), "stream");
    StopSignal stop = kvasir.stopSignal();
    LogAddress address = log.required();
    StreamsSettings settings =
        new StreamsSettings(
            address.bootstrapServers(),
            address.schemas(),
            kvasir.home().streams(),
            StreamsSettings.APPLICATION_ID,
            threads);
    try (Meters meters = Meters.ofThisProcess();
        var _ = metrics.serve(meters, kvasir.terminal())) {
      StageConditions.watch(meters, kvasir.home());
      meters.watch("streams", () -> Condition.STARTING);
      Optional<StreamsStage> started =
          kvasir
              .patientStart()
              .of(() -> {
                Topics.prepare(address, log.layout());
                return StreamsStage.start(settings);
              });
      if (started.isPresent()) {
        try (StreamsStage stage = started.get()) {
          StageConditions.watch(meters, stage);
          attend(stage, address, stop);
        }
      }
    }
    return ExitCode.OK;
  }

  /** Says when it first runs, and stays until a stop is requested or it fails for good. */
  private void attend(StreamsStage stage, LogAddress address, StopSignal stop)
      throws InterruptedException {
    boolean said = false;
    StageDisk disk = new StageDisk(kvasir);
    while (!stop.isRequested()) {
      disk.look();
      StageConditions.mustWork(stage);
      if (!said && StageConditions.isRunning(stage)) {
        kvasir.terminal().out().println("Streams run over " + address.bootstrapServers());
        said = true;
      }
      stop.await(LOOK_EVERY);
    }
  }
}
