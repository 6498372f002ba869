package dev.kvasir.app.pipeline;

import dev.kvasir.producer.calibration.TrialResult;

/** A client under calibration, in a process like a generator's. */
final class CalibratorProcess implements AutoCloseable {

  private final ChildJvm child;

  private CalibratorProcess(ChildJvm child) {
    this.child = child;
  }

  /** Starts it; it measures the order's steps one after the other. */
  public static CalibratorProcess start(Home home, CalibrationOrder order) {
    ChildJvm child = ChildJvm.start(home, "calibrator", GeneratorProcess.JVM);
    child.tell(order);
    return new CalibratorProcess(child);
  }

  /** Waits for the next step's result. */
  public TrialResult next() {
    return child.mustHear(CalibrationOrder.Measured.class).result();
  }

  @Override
  public void close() {
    child.close();
  }
}
