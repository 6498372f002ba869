package dev.kvasir.app.command;

import dev.kvasir.app.meter.Condition;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.app.pipeline.HomeSink;
import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.StageConditions;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.app.pipeline.Topics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The sink alone. */
@Command(
    name = "sink",
    sortOptions = false,
    description = "Load an outside Kafka's log into the home's DuckDB file until stopped.",
    footer = {
      "%nExamples:",
      "  kvasir sink --bootstrap-servers k:9092 --schema-registry http://r:8081",
      "  kvasir sql \"SELECT * FROM results\"      (meanwhile, on the same home)"
    })
final class SinkCommand implements Callable<ExitCode> {

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  @ParentCommand private Kvasir kvasir;
  @Mixin private LogOptions log;
  @Mixin private MeterOptions metrics;

  @Option(
      names = "--sql-port",
      paramLabel = "PORT",
      description = "Port of the SQL door on the loopback address (default: a free one).")
  private int port;

  @Override
  public ExitCode call() throws InterruptedException {
    Logs.into(kvasir.home(), "sink");
    StopSignal stop = kvasir.stopSignal();
    LogAddress address = log.required();
    try (Meters meters = Meters.ofThisProcess();
        var _ = metrics.serve(meters, kvasir.terminal())) {
      StageConditions.watch(meters, kvasir.home());
      meters.watch("sink", () -> Condition.STARTING);
      Optional<HomeSink> started =
          kvasir
              .patientStart()
              .of(() -> {
                Topics.prepare(address, log.layout());
                return HomeSink.start(kvasir.home(), address, port, meters);
              });
      if (started.isPresent()) {
        try (HomeSink sink = started.get()) {
          attend(sink, address, stop);
        }
      }
    }
    return ExitCode.OK;
  }

  /** Stays until a stop is requested or loading fails for good. */
  private void attend(HomeSink sink, LogAddress address, StopSignal stop)
      throws InterruptedException {
    kvasir
        .terminal()
        .out()
        .printf("Loading %s into %s%n", address.bootstrapServers(), kvasir.home().warehouse());
    StageDisk disk = new StageDisk(kvasir);
    while (!stop.isRequested()) {
      disk.look();
      sink.mustWork();
      stop.await(LOOK_EVERY);
    }
  }
}
