package dev.kvasir.app.pipeline;

import dev.kvasir.time.Pause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holding a home: at most one process does, and the system lets go when that process dies. */
final class HomeLock implements AutoCloseable {

  private static final int ATTEMPTS = 600;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

  private final Home home;
  private final FileChannel channel;

  private HomeLock(Home home, FileChannel channel) {
    this.home = home;
    this.channel = channel;
  }

  /** What came of trying to take a home. */
  public sealed interface Outcome {}

  /** This process holds it now. */
  public record Taken(HomeLock lock) implements Outcome {}

  /** Another process holds it. */
  public record Held(Holder holder) implements Outcome {}

  /**
   * Takes the home, or finds out who has it, which may take that process some seconds to say.
   *
   * @throws HomeHeldException if it does not say
   */
  public static Outcome take(Home home) throws InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<HomeLock> lock = tryTake(home);
      if (lock.isPresent()) {
        return new Taken(lock.get());
      }
      Optional<Holder> holder = Holder.ofLocked(home);
      if (holder.isPresent()) {
        return new Held(holder.get());
      }
      Pause.of(BETWEEN_ATTEMPTS);
    }
    throw new HomeHeldException(home);
  }

  /** Takes the home, or nothing if another process has it. */
  static Optional<HomeLock> tryTake(Home home) {
    Path file = home.folder().resolve("lock");
    try {
      home.makeFolder();
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        return Optional.empty();
      }
      Holder.removeFrom(home);
      return Optional.of(new HomeLock(home, channel));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the home %s cannot be locked (%s); name a writable folder with --home"
              .formatted(home.folder(), e.getMessage()),
          e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Tells every other command who holds the home. */
  public void announce(Holder holder) {
    holder.writeInto(home);
  }

  @Override
  public void close() {
    Holder.removeFrom(home);
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of " + home.folder() + " cannot be let go", e);
    }
  }
}
