package dev.kvasir.app.command;

import dev.kvasir.app.meter.Meters;
import dev.kvasir.app.page.PageServer;
import dev.kvasir.app.pipeline.LivePage;
import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.PipelineSettings;
import dev.kvasir.app.pipeline.StopSignal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** The live page alone. */
@Command(
    name = "page",
    sortOptions = false,
    description = "Serve the live page over an outside Kafka until stopped.",
    footer = {
      "%nExamples:",
      "  kvasir page --bootstrap-servers k:9092 --schema-registry http://r:8081"
    })
final class PageCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private LogOptions log;
  @Mixin private PageOptions page;

  @Override
  public ExitCode call() throws InterruptedException {
    Logs.into(kvasir.home(), "page");
    StopSignal stop = kvasir.stopSignal();
    LogAddress address = log.required();
    PipelineSettings.Page wanted = page.wanted();
    try (Meters meters = Meters.ofThisProcess();
        PageServer server = LivePage.start(address, wanted, meters)) {
      PageOptions.words(wanted.address(server.port())).forEach(kvasir.terminal().out()::println);
      stop.await();
    }
    return ExitCode.OK;
  }
}
