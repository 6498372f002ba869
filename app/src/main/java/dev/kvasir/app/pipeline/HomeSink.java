package dev.kvasir.app.pipeline;

import dev.kvasir.app.meter.Meters;
import dev.kvasir.sink.SinkSettings;
import dev.kvasir.sink.SinkStage;
import dev.kvasir.sink.warehouse.QueryLimits;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A home held by a sink alone: its log is outside, and nothing else runs on it. */
public final class HomeSink implements AutoCloseable {

  private static final long MEMORY_BYTES = 384L << 20;

  private final SinkStage stage;
  private final Closer closer;

  private HomeSink(SinkStage stage, Closer closer) {
    this.stage = stage;
    this.closer = closer;
  }

  /**
   * Checks the sink.
   *
   * @throws IllegalStateException if it has failed for good
   */
  public void mustWork() {
    StageConditions.mustWork(stage);
  }

  /**
   * Holds a home and loads a log into it.
   *
   * @param doorPort port of the SQL door, 0 for a free one
   * @throws HomeHeldException if another process holds the home
   */
  public static HomeSink start(Home home, LogAddress log, int doorPort, Meters meters)
      throws InterruptedException {
    return switch (HomeLock.take(home)) {
      case HomeLock.Held(Holder holder) ->
          throw new HomeHeldException(home, holder, "stop it, or name another home with --home");
      case HomeLock.Taken(HomeLock lock) -> start(home, log, doorPort, meters, lock);
    };
  }

  private static HomeSink start(
      Home home, LogAddress log, int doorPort, Meters meters, HomeLock lock)
      throws InterruptedException {
    Closer closer = new Closer();
    closer.add(lock);
    String token = Token.draw();
    try {
      home.make(Session.made(log));
      SinkStage sink =
          closer.add(
              SinkStage.start(
                  new SinkSettings(
                      log.bootstrapServers(),
                      log.schemas(),
                      home.warehouse(),
                      home.exports(),
                      doorPort,
                      token,
                      MEMORY_BYTES,
                      QueryLimits.USUAL)));
      StageConditions.watch(meters, sink);
      ProcessHandle self = ProcessHandle.current();
      lock.announce(
          new Holder(
              self.pid(),
              Holder.startOf(self),
              "sink",
              log.bootstrapServers(),
              log.registry(),
              sink.door().toString(),
              null,
              token));
      return new HomeSink(sink, closer);
    } catch (IOException e) {
      closer.close();
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException | RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  @Override
  public void close() {
    closer.close();
  }
}
