package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.EmitterProcess;
import dev.kvasir.app.pipeline.ParentLine;
import dev.kvasir.app.pipeline.Precedence;
import dev.kvasir.producer.loopback.Emitter;
import dev.kvasir.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** The process of a loopback emitter that belongs to another kvasir. */
@Command(name = "child-emitter", hidden = true)
final class EmitterChild implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;

  /** What it is asked for. */
  private record Order(int tokensPerSecond) {}

  @Override
  public ExitCode call() {
    Logs.into(kvasir.home(), "emitter");
    Precedence.compileLater();
    ParentLine parent = ParentLine.over(System.in, System.out);
    Order order = parent.hear(Order.class);
    if (order == null) {
      return ExitCode.OK;
    }
    Duration period = Duration.ofSeconds(1).dividedBy(order.tokensPerSecond());
    try (Emitter emitter = Emitter.recording(period, Ticker.system())) {
      parent.tell(new EmitterProcess.Listening(emitter.url()));
      parent.hear(Order.class);
    }
    return ExitCode.OK;
  }
}
