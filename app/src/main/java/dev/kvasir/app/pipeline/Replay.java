package dev.kvasir.app.pipeline;

import dev.kvasir.sink.archive.LogArchive;
import dev.kvasir.sink.warehouse.Rebuild;
import dev.kvasir.sink.warehouse.Selection;
import dev.kvasir.sink.warehouse.TableSum;
import dev.kvasir.sink.warehouse.WarehouseException;
import dev.kvasir.streams.Recomputation;
import dev.kvasir.streams.StreamsSettings;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a home's tables anew from its log and its archive. The home must be free. */
public final class Replay {

  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
  private static final long MEMORY_BYTES = 1L << 30;
  private static final Duration WINDOWS_WITHIN = Duration.ofHours(12);

  private final Home home;
  private final @Nullable LogAddress outside;
  private final LongConsumer progress;

  /**
   * What a replay has made.
   *
   * @param file the DuckDB file
   * @param before what the tables held that it replaced; empty when there were none
   * @param tables what the tables hold now
   * @param took how long reading and writing took
   */
  public record Outcome(Path file, List<TableSum> before, List<TableSum> tables, Duration took) {

    /** How many rows were written. */
    public long rows() {
      return tables.stream().mapToLong(TableSum::rows).sum();
    }
  }

  /**
   * @param outside the log that the home was made with; null for an embedded one
   * @param progress hears how many rows have been written, now and then
   */
  public Replay(Home home, @Nullable LogAddress outside, LongConsumer progress) {
    this.home = home;
    this.outside = outside;
    this.progress = progress;
  }

  /**
   * Replaces the home's tables, once the new ones are whole.
   *
   * @param evenIfLess whether tables may come out with fewer rows than they had
   * @throws IllegalStateException if they would, and must not
   */
  public Outcome everything(boolean evenIfLess) throws InterruptedException {
    Path draft = home.warehouse().resolveSibling("warehouse.duckdb.replay");
    try (LoneLog log = LoneLog.open(home, outside)) {
      List<TableSum> before = present();
      Outcome made = into(log, draft, Selection.ALL, before);
      if (!evenIfLess) {
        requireNoLess(made, draft);
      }
      Rebuild.remove(home.warehouse());
      Files.move(draft, home.warehouse(), StandardCopyOption.ATOMIC_MOVE);
      return new Outcome(home.warehouse(), before, made.tables(), made.took());
    } catch (IOException e) {
      throw new UncheckedIOException(draft + " cannot take the place of the tables", e);
    }
  }

  /**
   * Has the stream stage make every window anew; tables that are made afterwards hold the new ones.
   *
   * @return how many versions of windows that made
   */
  public long windows() throws InterruptedException {
    try (LoneLog log = LoneLog.open(home, outside)) {
      return Recomputation.of(
          StreamsSettings.of(
              log.address().bootstrapServers(), log.address().schemas(), home.streams()),
          WINDOWS_WITHIN);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Writes some events into a file of their own; the home's tables stay as they are. */
  public Outcome part(Selection selection, Path file) throws InterruptedException {
    try (LoneLog log = LoneLog.open(home, outside)) {
      return into(log, file.toAbsolutePath().normalize(), selection, List.of());
    }
  }

  private Outcome into(LoneLog log, Path file, Selection selection, List<TableSum> before)
      throws InterruptedException {
    Ticker ticker = Ticker.system();
    long start = ticker.nanos();
    Rebuild rebuild =
        new Rebuild(
            log.address().bootstrapServers(),
            log.address().schemas(),
            new LogArchive(home.archive()),
            MEMORY_BYTES);
    List<TableSum> tables = rebuild.into(file, home.exports(), selection, progress);
    return new Outcome(file, before, tables, Duration.ofNanos(ticker.nanos() - start));
  }

  /** What the present tables hold; nothing when they cannot be opened. */
  private List<TableSum> present() {
    if (!Files.exists(home.warehouse())) {
      return List.of();
    }
    try {
      return Rebuild.sums(home.warehouse(), home.exports(), MEMORY_BYTES);
    } catch (WarehouseException e) {
      LOG.warn("the present tables cannot be compared reason=\"{}\"", e.getMessage());
      return List.of();
    }
  }

  private static void requireNoLess(Outcome made, Path draft) {
    Map<String, Long> now =
        made.tables().stream().collect(Collectors.toMap(TableSum::table, TableSum::rows));
    List<String> less =
        made.before().stream()
            .filter(table -> now.getOrDefault(table.table(), 0L) < table.rows())
            .map(table ->
                String.format(
                    Locale.ROOT,
                    "%s %,d instead of %,d",
                    table.table(),
                    now.getOrDefault(table.table(), 0L),
                    table.rows()))
            .toList();
    if (!less.isEmpty()) {
      Rebuild.remove(draft);
      throw new IllegalStateException(
          "the log and its archive hold less than the tables (%s), which therefore stay; --even-if-less replaces them all the same"
              .formatted(String.join(", ", less)));
    }
  }
}
