package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Holder;
import dev.kvasir.app.pipeline.HomeHeldException;
import dev.kvasir.app.pipeline.LiveRuns;
import dev.kvasir.app.pipeline.PipelineSettings;
import dev.kvasir.app.pipeline.Session;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.app.pipeline.Timings;
import dev.kvasir.time.Pause;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Keeps the stages up for runs to come. */
@Command(
    name = "up",
    sortOptions = false,
    description = "Start Kafka, streams, the warehouse and the live page, and stay until stopped.",
    footer = {
      "%nExamples:",
      "  kvasir up",
      "  kvasir up --kafka-port 9092     (then, elsewhere: kvasir run plan.yaml)"
    })
final class UpCommand implements Callable<ExitCode> {

  private static final Duration REDRAW = Duration.ofMillis(250);

  @ParentCommand private Kvasir kvasir;
  @Mixin private LogOptions log;
  @Mixin private PageOptions page;
  @Mixin private CpuOption cpus;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description = "Port of the embedded Kafka (default: a free one).")
  private int kafkaPort;

  @Override
  public ExitCode call() throws InterruptedException {
    Logs.into(kvasir.home(), "up");
    cpus.say(kvasir.terminal().err());
    StopSignal stop = kvasir.stopSignal();
    PipelineSettings settings =
        new PipelineSettings("up", log.outside(), log.layout(), kafkaPort, page.wanted());
    try (Session session = Session.open(kvasir.home(), settings, new Timings())) {
      if (session instanceof Session.Attached attached) {
        Holder holder = attached.holder();
        throw new HomeHeldException(
            kvasir.home(), holder, "it serves this home already; stop it first");
      }
      session.awaitReady();
      PrintWriter out = kvasir.terminal().out();
      out.println("Kafka: " + session.log().bootstrapServers());
      PageOptions.show(out, session.page());
      out.println("Up: 'kvasir run' on this home uses it. Ctrl-C stops it.");
      watch(session, stop);
    }
    return ExitCode.OK;
  }

  private void watch(Session session, StopSignal stop) throws InterruptedException {
    LiveLines lines = new LiveLines(kvasir.terminal());
    try (LiveRuns live = LiveRuns.watch(session.log())) {
      while (!stop.isRequested()) {
        lines.show("", live.active());
        Pause.of(REDRAW);
      }
    }
    lines.clear();
  }
}
