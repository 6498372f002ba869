package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.ParentLine;
import dev.kvasir.app.pipeline.Precedence;
import dev.kvasir.app.pipeline.SimulatorOrder;
import dev.kvasir.app.pipeline.Simulators;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** The process of the simulated servers that belong to another kvasir. */
@Command(name = "child-simulators", hidden = true)
final class SimulatorsChild implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;

  @Override
  public ExitCode call() {
    Logs.into(kvasir.home(), "simulators");
    Precedence.compileLater();
    ParentLine parent = ParentLine.over(System.in, System.out);
    SimulatorOrder order = parent.hear(SimulatorOrder.class);
    if (order == null) {
      return ExitCode.OK;
    }
    try (Simulators servers = Simulators.startThoseThatFit(order)) {
      parent.tell(servers.listening());
      awaitTheEndOf(parent);
    }
    return ExitCode.OK;
  }

  private static void awaitTheEndOf(ParentLine parent) {
    Object more = parent.hear(Object.class);
    while (more != null) {
      more = parent.hear(Object.class);
    }
  }
}
