package dev.kvasir.app.pipeline;

import dev.kvasir.producer.calibration.Trial;
import dev.kvasir.producer.calibration.TrialResult;
import java.util.List;

/**
 * What a calibrator's process is asked for. It answers with a line for each trial, in their order.
 *
 * @param log the log that takes the events
 * @param steps loads, in their order
 */
public record CalibrationOrder(LogAddress log, List<Step> steps) {

  public CalibrationOrder {
    steps = List.copyOf(steps);
  }

  /** A load against an emitter. */
  public record Step(String emitter, Trial trial) {}

  /** What one of them measured. */
  public record Measured(TrialResult result) {}
}
