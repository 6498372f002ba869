package dev.kvasir.app.pipeline;

import dev.kvasir.app.meter.Condition;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.sink.SinkStage;
import dev.kvasir.streams.StreamsStage;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;

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

  /** Whether the stream stage reads every partition that is its own. */
  public static boolean isRunning(StreamsStage stage) {
    return switch (stage.state()) {
      case RUNNING -> true;
      case CREATED, REBALANCING, PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR -> false;
    };
  }

  /**
   * Checks the stream stage.
   *
   * @throws IllegalStateException if it has failed for good
   */
  public static void mustWork(StreamsStage stage) {
    switch (stage.state()) {
      case ERROR, PENDING_ERROR ->
          throw new IllegalStateException("the stream stage has failed; its log says why");
      case CREATED, REBALANCING, RUNNING, PENDING_SHUTDOWN, NOT_RUNNING -> {}
    }
  }

  /**
   * Checks the sink.
   *
   * @throws IllegalStateException if it has failed for good
   */
  public static void mustWork(SinkStage stage) {
    Throwable failure = stage.failure();
    if (failure != null) {
      throw new IllegalStateException("the sink has stopped loading", failure);
    }
  }

  /** Watches the disk of a home. */
  public static void watch(Meters meters, Home home) {
    Gauge.builder("kvasir.disk.free", home, StageConditions::free)
        .description("room on the disk of the home")
        .baseUnit("bytes")
        .register(meters.registry());
    meters.watch("disk", () -> condition(home));
  }

  private static double free(Home home) {
    try {
      return DiskSpace.of(home.folder()).free();
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static Condition condition(Home home) {
    try {
      return switch (DiskLevel.NORMAL.then(DiskSpace.of(home.folder()))) {
        case NORMAL -> Condition.WORKING;
        case NEARLY_FULL -> Condition.NEARLY_FULL;
        case FULL -> Condition.FULL;
      };
    } catch (IOException e) {
      return Condition.UNKNOWN;
    }
  }

  /** Watches the sink. */
  public static void watch(Meters meters, SinkStage stage) {
    stage.meter(meters.registry());
    meters.watch("sink", () -> stage.failure() == null ? Condition.WORKING : Condition.FAILED);
  }
}
