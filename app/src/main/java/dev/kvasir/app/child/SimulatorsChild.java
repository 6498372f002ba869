package dev.kvasir.app.child;

import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.ParentLine;
import dev.kvasir.app.pipeline.SimulatorOrder;
import dev.kvasir.app.pipeline.Simulators;
import dev.kvasir.producer.Precedence;

/** The process of the simulated servers that belong to another kvasir. */
final class SimulatorsChild {

  private SimulatorsChild() {}

  static void run(Home home, ParentLine parent) {
    Precedence.compileLater();
    SimulatorOrder order = parent.hear(SimulatorOrder.class);
    if (order == null) {
      return;
    }
    try (Simulators servers = Simulators.startThoseThatFit(order)) {
      Precedence.measureFirst();
      parent.tell(servers.listening());
      parent.awaitEnd();
    }
  }
}
