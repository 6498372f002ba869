package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.CalibrationOrder;
import dev.kvasir.app.pipeline.ParentLine;
import dev.kvasir.app.pipeline.Precedence;
import dev.kvasir.producer.calibration.Calibrator;
import dev.kvasir.producer.publish.PublisherSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** The process of a client that is calibrated. */
@Command(name = "child-calibrator", hidden = true)
final class CalibratorChild implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;

  @Override
  public ExitCode call() throws InterruptedException {
    Logs.into(kvasir.home(), "calibrator");
    ParentLine parent = ParentLine.over(System.in, System.out);
    CalibrationOrder order = parent.hear(CalibrationOrder.class);
    if (order == null) {
      return ExitCode.OK;
    }
    Thread.ofPlatform().daemon().name("parent").start(() -> leaveWith(parent));
    PublisherSettings settings =
        PublisherSettings.of(
            order.log().bootstrapServers(), order.log().schemas(), kvasir.home().spill());
    try (Calibrator calibrator = Calibrator.open(settings)) {
      Precedence.measureFirst();
      for (CalibrationOrder.Step step : order.steps()) {
        parent.tell(
            new CalibrationOrder.Measured(calibrator.measure(step.emitter(), step.trial())));
      }
    }
    return ExitCode.OK;
  }

  /** The parent has heard enough, or is gone. */
  private static void leaveWith(ParentLine parent) {
    while (parent.hear(Object.class) != null) {
      // Whatever it says, only its end matters.
    }
    Runtime.getRuntime().halt(ExitCode.OK.number());
  }
}
