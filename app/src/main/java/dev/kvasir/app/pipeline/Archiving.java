package dev.kvasir.app.pipeline;

import dev.kvasir.sink.archive.LogArchive;
import dev.kvasir.sink.archive.LogExpiry;
import dev.kvasir.streams.StreamsSettings;
import dev.kvasir.time.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Copying a home's log into its archive, and letting go of what has been copied. */
public final class Archiving {

  /** Runs that generators began and that neither they nor the next ones have ended. */
  private static final String OPEN_SINCE =
      """
      SELECT min(s.at_ns) FROM run_started s
      WHERE NOT EXISTS (SELECT 1 FROM run_finished f WHERE f.run = s.run)
        AND NOT EXISTS (SELECT 1 FROM run_imported i WHERE i.run = s.run)
      """;

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

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
        .expire(log.bootstrapServers(), before, openSince(warehouse)).values().stream()
            .mapToLong(Long::longValue)
            .sum();
  }

  /** Shortly before the oldest run began that has no end, epoch milliseconds; null without one. */
  private static @Nullable Long openSince(Warehouse warehouse) {
    return warehouse.query(OPEN_SINCE).rows().getFirst().getFirst() instanceof Number nanos
        ? (Long) (nanos.longValue() / 1_000_000 - CLOCKS_DIFFER.toMillis())
        : null;
  }

  /** What a run's file says that lies there too is in the log for ever. */
  private void requireNothingSpilled() {
    Path spill = home.spill();
    if (!Files.isDirectory(spill)) {
      return;
    }
    try (Stream<Path> files = Files.walk(spill)) {
      for (Path file : files.filter(Archiving::holdsEvents).toList()) {
        throw new IllegalStateException(
            "events in %s have not all reached the log, and whoever sends them compares them with it; nothing expires before"
                .formatted(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(spill + " cannot be read", e);
    }
  }

  private static boolean holdsEvents(Path file) {
    try {
      return Files.isRegularFile(file)
          && !file.getFileName().toString().startsWith("run-")
          && Files.size(file) > 0;
    } catch (NoSuchFileException sent) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
