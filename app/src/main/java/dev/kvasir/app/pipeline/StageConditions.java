package dev.kvasir.app.pipeline;

import dev.kvasir.app.meter.Condition;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.sink.SinkStage;
import dev.kvasir.streams.StreamsStage;

/** Has stages report their meters and say how they stand. */
public final class StageConditions {

  private StageConditions() {}

  /** Watches the stream stage. */
  public static void watch(Meters meters, StreamsStage stage) {
    stage.meter(meters.registry());
    meters.watch(
        "streams",
        () ->
            switch (stage.state()) {
              case RUNNING -> Condition.WORKING;
              case CREATED, REBALANCING -> Condition.STARTING;
              case PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR -> Condition.FAILED;
            });
  }

  /** Watches the sink. */
  public static void watch(Meters meters, SinkStage stage) {
    stage.meter(meters.registry());
    meters.watch("sink", () -> stage.failure() == null ? Condition.WORKING : Condition.FAILED);
  }
}
