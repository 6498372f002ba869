package dev.kvasir.app.child;

import dev.kvasir.app.pipeline.CalibrationOrder;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.ParentLine;
import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.calibration.Calibrator;
import dev.kvasir.producer.publish.PublisherSettings;

/** The process of a client that is calibrated. */
final class CalibratorChild {

  private CalibratorChild() {}

  static void run(Home home, ParentLine parent) throws InterruptedException {
    CalibrationOrder order = parent.hear(CalibrationOrder.class);
    if (order == null) {
      return;
    }
    Thread.ofPlatform().daemon().name("parent").start(() -> leaveWith(parent));
    PublisherSettings settings =
        PublisherSettings.of(order.log().bootstrapServers(), order.log().schemas(), home.spill());
    try (Calibrator calibrator = Calibrator.open(settings)) {
      Precedence.measureFirst();
      for (CalibrationOrder.Step step : order.steps()) {
        parent.tell(
            new CalibrationOrder.Measured(calibrator.measure(step.emitter(), step.trial())));
      }
    }
  }

  /** The parent has heard enough, or is gone. */
  private static void leaveWith(ParentLine parent) {
    parent.awaitEnd();
    Runtime.getRuntime().halt(0);
  }
}
