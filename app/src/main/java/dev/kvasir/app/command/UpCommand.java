package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.DiskWatch;
import dev.kvasir.app.pipeline.Holder;
import dev.kvasir.app.pipeline.HomeHeldException;
import dev.kvasir.app.pipeline.LiveRuns;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.PipelineSettings;
import dev.kvasir.app.pipeline.Ports;
import dev.kvasir.app.pipeline.Session;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.app.pipeline.Timings;
import dev.kvasir.time.Pause;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

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
  @Spec private CommandSpec spec;
  @Mixin private LogOptions log;
  @Mixin private PageOptions page;
  @Mixin private CpuOption cpus;
  @Mixin private LogLimitOption logLimit;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description = "Port of the embedded Kafka (default: a free one).")
  private int kafkaPort;

  @Option(
      names = "--supervised",
      hidden = true,
      description = "Run the stages in this process, and stop when its input ends.")
  private boolean supervised;

  @Override
  public ExitCode call() throws InterruptedException {
    StopSignal stop = kvasir.stopSignal();
    PipelineSettings.Page wanted = page.wanted();
    return supervised ? serve(stop, wanted) : new UpSupervision(kvasir, words(wanted)).run(stop);
  }

  /** This command line, with ports that stay when the stages are started again. */
  private List<String> words(PipelineSettings.Page wanted) {
    List<String> words = new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
    words.add("--supervised");
    List<Integer> free = Ports.free(2);
    if (log.outside() == null && kafkaPort == 0) {
      set(words, "--kafka-port", free.getFirst());
    }
    if (wanted.port() == 0) {
      set(words, "--page-port", free.getLast());
    }
    return words;
  }

  private static void set(List<String> words, String option, int port) {
    int at = words.indexOf(option);
    if (at >= 0) {
      words.subList(at, at + 2).clear();
    }
    words.removeIf(word -> word.startsWith(option + "="));
    words.add(option + "=" + port);
  }

  private ExitCode serve(StopSignal stop, PipelineSettings.Page wanted)
      throws InterruptedException {
    Logs.into(kvasir.home(), "up");
    cpus.say(kvasir.terminal().err());
    Thread.ofPlatform().daemon().name("parent").start(UpCommand::endWithInput);
    PipelineSettings settings =
        new PipelineSettings(
            "up", log.outside(), log.layout(), kafkaPort, wanted, logLimit.bytes());
    try (Session session = Session.open(kvasir.home(), settings, new Timings())) {
      if (session instanceof Session.Attached attached) {
        Holder holder = attached.holder();
        throw new HomeHeldException(
            kvasir.home(), holder, "it serves this home already; stop it first");
      }
      session.awaitReady();
      PrintWriter out = kvasir.terminal().out();
      out.println("Kafka: " + session.log().bootstrapServers());
      PageOptions.words(session.page()).forEach(out::println);
      out.println("Up: 'kvasir run' on this home uses it. Ctrl-C stops it.");
      watch(session, stop);
    }
    return ExitCode.OK;
  }

  private static void endWithInput() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LoggerFactory.getLogger(UpCommand.class)
          .info("the input broke reason=\"{}\"", e.getMessage());
    }
    System.exit(ExitCode.OK.number());
  }

  private void watch(Session session, StopSignal stop) throws InterruptedException {
    LiveLines lines = new LiveLines(kvasir.terminal());
    DiskWatch disk = DiskWatch.of(kvasir.home());
    try (LiveRuns live = LiveRuns.watch(session.log())) {
      while (!stop.isRequested()) {
        session.mustWork();
        String told = disk.look();
        if (told != null) {
          lines.say(told);
        }
        lines.show("", live.active());
        Pause.of(REDRAW);
      }
    }
    lines.clear();
  }
}
