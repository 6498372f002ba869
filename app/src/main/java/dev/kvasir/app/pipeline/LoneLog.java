package dev.kvasir.app.pipeline;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.topic.TopicLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A held home's log, and nothing else of it: no stage reads or writes meanwhile. */
final class LoneLog implements AutoCloseable {

  private final Closer closer;
  private final LogAddress address;

  private LoneLog(Closer closer, LogAddress address) {
    this.closer = closer;
    this.address = address;
  }

  /**
   * Holds a home and opens its log.
   *
   * @param outside the log that the home was made with; null for an embedded one
   * @throws HomeHeldException if another process holds the home
   */
  static LoneLog open(Home home, @Nullable LogAddress outside) throws InterruptedException {
    if (!home.exists()) {
      throw new IllegalStateException(
          "there is nothing in %s yet: run something first, or name another home with --home"
              .formatted(home.folder()));
    }
    return switch (HomeLock.take(home)) {
      case HomeLock.Held(Holder holder) ->
          throw new HomeHeldException(home, holder, "stop it first");
      case HomeLock.Taken(HomeLock lock) -> open(home, outside, lock);
    };
  }

  private static LoneLog open(Home home, @Nullable LogAddress outside, HomeLock lock)
      throws InterruptedException {
    Closer closer = new Closer();
    closer.add(lock);
    try {
      home.make(Session.made(outside));
      LogAddress address = outside;
      if (address == null) {
        EmbeddedBroker broker = closer.add(EmbeddedBroker.start(home.kafka(), 0));
        address = new LogAddress(broker.bootstrapServers(), LogAddress.EMBEDDED);
      }
      Topics.prepare(address, TopicLayout.EMBEDDED);
      return new LoneLog(closer, address);
    } catch (IOException e) {
      closer.close();
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | InterruptedException e) {
      closer.close();
      throw e;
    }
  }

  LogAddress address() {
    return address;
  }

  @Override
  public void close() {
    closer.close();
  }
}
