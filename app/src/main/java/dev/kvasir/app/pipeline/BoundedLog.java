package dev.kvasir.app.pipeline;

import dev.kvasir.sink.archive.LogArchive;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an embedded log small while the home is held: when it takes more room than it should, what
 * is new is archived and verified, and what is old enough leaves the log. A pass that fails is made
 * again later. Its own thread does all of it.
 */
final class BoundedLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BoundedLog.class);

  private final Home home;
  private final Archiving archiving;
  private final Supplier<Warehouse> warehouse;
  private final Limits limits;
  private final Ticker ticker = Ticker.system();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /**
   * How large and how old.
   *
   * @param bytes what the log's records may take on the disk before any of them leave it
   * @param age records that are younger stay
   * @param lookEvery how often the disk is looked at
   * @param passEvery how long after the beginning of a pass the next one may begin
   */
  record Limits(long bytes, Duration age, Duration lookEvery, Duration passEvery) {

    /** A pass each ten minutes, as long as the log takes more than it should. */
    static Limits of(long bytes) {
      Duration tenMinutes = Duration.ofMinutes(10);
      return new Limits(bytes, tenMinutes, Duration.ofMinutes(1), tenMinutes);
    }
  }

  private BoundedLog(Home home, LogAddress log, Supplier<Warehouse> warehouse, Limits limits) {
    this.home = home;
    this.archiving = new Archiving(home, log);
    this.warehouse = warehouse;
    this.limits = limits;
    this.thread = Thread.ofPlatform().name("bounded-log").daemon().unstarted(this::run);
  }

  /** Begins to look after a home's log, whose stages are at work. */
  static BoundedLog of(Home home, LogAddress log, Supplier<Warehouse> warehouse, Limits limits) {
    BoundedLog bounded = new BoundedLog(home, log, warehouse, limits);
    bounded.thread.start();
    return bounded;
  }

  private void run() {
    try {
      while (!closing.await(limits.lookEvery().toMillis(), TimeUnit.MILLISECONDS)) {
        long began = ticker.nanos();
        Long bytes = bytes();
        if (bytes != null && bytes > limits.bytes()) {
          pass();
          long rest = limits.passEvery().toNanos() - (ticker.nanos() - began);
          if (closing.await(Math.max(0, rest), TimeUnit.NANOSECONDS)) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass() throws InterruptedException {
    try {
      LogArchive.Added added = archiving.extend();
      try (Warehouse tables = warehouse.get()) {
        long left = archiving.expire(tables, limits.age());
        LOG.info("the log was made smaller archived={} left={}", added.records(), left);
      }
    } catch (RuntimeException e) {
      LOG.warn("the log is not made smaller now reason=\"{}\"", Causes.paragraph(e));
    }
  }

  /** What the log's segments take on the disk; null when that cannot be told. */
  @Nullable Long bytes() {
    Segments segments = new Segments();
    try {
      Files.walkFileTree(home.kafka(), segments);
      return segments.bytes;
    } catch (IOException e) {
      LOG.warn("the log's size is not known now reason=\"{}\"", Causes.paragraph(e));
      return null;
    }
  }

  /** Sums the segments below a folder in which Kafka renames and deletes files meanwhile. */
  private static final class Segments extends SimpleFileVisitor<Path> {

    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (file.toString().endsWith(".log")) {
        bytes += attributes.size();
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }

  /** Ends; a pass that is under way counts for nothing. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
