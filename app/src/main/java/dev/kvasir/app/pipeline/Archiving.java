package dev.kvasir.app.pipeline;

import dev.kvasir.sink.archive.LogArchive;
import dev.kvasir.sink.archive.LogExpiry;
import dev.kvasir.streams.StreamsSettings;
import dev.kvasir.time.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** Copying a home's log into its archive, and letting go of what has been copied. */
public final class Archiving {

  private final Home home;
  private final LogAddress log;
  private final LogArchive archive;

  /** Works for a home on the log that it uses. */
  public Archiving(Home home, LogAddress log) {
    this.home = home;
    this.log = log;
    this.archive = new LogArchive(home.archive());
  }

  /** Copies and verifies what was committed since the last time. */
  public LogArchive.Added extend() throws InterruptedException {
    return archive.extend(log.bootstrapServers());
  }

  /**
   * Lets go of what is in the archive, in the tables and behind the stream stage.
   *
   * @param warehouse the home's tables
   * @param age records that are younger stay
   * @return how many records have left the log
   * @throws IllegalStateException if events of a generator that died wait to be compared with them
   */
  public long expire(Warehouse warehouse, Duration age) throws InterruptedException {
    requireNothingSpilled();
    long before = WallClock.system().epochNanos() / 1_000_000 - age.toMillis();
    return new LogExpiry(archive, CatchUp.loaded(warehouse), StreamsSettings.APPLICATION_ID)
        .expire(log.bootstrapServers(), before).values().stream().mapToLong(Long::longValue).sum();
  }

  private void requireNothingSpilled() {
    Path spill = home.spill();
    if (!Files.isDirectory(spill)) {
      return;
    }
    try (Stream<Path> files = Files.walk(spill)) {
      if (files.anyMatch(Files::isRegularFile)) {
        throw new IllegalStateException(
            "events in %s have not all reached the log, and the next run compares them with it; nothing expires before"
                .formatted(spill));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(spill + " cannot be read", e);
    }
  }
}
