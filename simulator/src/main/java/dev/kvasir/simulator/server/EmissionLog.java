package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.Reuse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The truth about what was sent: {@code emissions.csv}, a row for each write that carried tokens,
 * and {@code requests.csv}, a row for each request. Event loops hand rows over without waiting; a
 * thread of its own writes them. If rows had to be dropped, the files are renamed to {@code
 * …-incomplete.csv} at the end.
 */
final class EmissionLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmissionLog.class);
  private static final int CAPACITY = 1 << 19;
  private static final long IDLE_NANOS = 1_000_000;
  private static final String EMISSIONS = "emissions";
  private static final String REQUESTS = "requests";

  /** Times are readings of the monotonic clock. */
  sealed interface Row {
    String server();
  }

  /**
   * @param index of the first token of the write, from 0
   * @param tokens tokens in the write
   * @param intendedNanos when the engine wanted them to leave
   * @param emittedNanos right before they were handed to the socket
   */
  record Emission(
      String server, String requestId, int index, int tokens, long intendedNanos, long emittedNanos)
      implements Row {}

  /**
   * @param arrivedNanos when the whole request had been read
   * @param admittedNanos when its first step began, null if it never did
   * @param promptTokens null if the request made no sense
   * @param reuse null if it was never admitted
   * @param outputTokens tokens written
   * @param finishReason {@code stop}, {@code length}, {@code abort} or {@code http-} and a status
   */
  record Request(
      String server,
      String requestId,
      long arrivedNanos,
      @Nullable Long admittedNanos,
      long finishedNanos,
      @Nullable Integer promptTokens,
      @Nullable Reuse reuse,
      int outputTokens,
      String finishReason)
      implements Row {}

  private final MpscArrayQueue<Row> queue = new MpscArrayQueue<>(CAPACITY);
  private final LongAdder lost = new LongAdder();
  private final Path folder;
  private final EpochClock clock;
  private final Writer emissions;
  private final Writer requests;
  private final Thread thread;
  private volatile boolean closing;

  /**
   * Opens the two files, replacing earlier ones.
   *
   * @throws UncheckedIOException if the folder cannot be written to
   */
  EmissionLog(Path folder, EpochClock clock) {
    this.folder = folder;
    this.clock = clock;
    try {
      Files.createDirectories(folder);
      emissions = Files.newBufferedWriter(file(EMISSIONS));
      requests = Files.newBufferedWriter(file(REQUESTS));
      emissions.write("server,request_id,index,tokens,intended_nanos,emitted_nanos\n");
      requests.write(
          "server,request_id,arrived_nanos,admitted_nanos,finished_nanos,prompt_tokens,cached_tokens,output_tokens,finish_reason,cached_by_tier\n");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the emission log cannot be written to %s (%s); expected a writable folder"
              .formatted(folder, e.getMessage()),
          e);
    }
    thread = Thread.ofPlatform().name("emission-log").daemon().start(this::writeAll);
  }

  /** Never waits; a row that finds the queue full is counted and lost. */
  void add(Row row) {
    if (!queue.offer(row)) {
      lost.increment();
    }
  }

  /** Writes what was added before, and closes the files. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (lost.sum() > 0) {
      markIncomplete();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeAll() {
    StringBuilder line = new StringBuilder();
    try (emissions;
        requests) {
      while (true) {
        boolean last = closing;
        for (Row row = queue.poll(); row != null; row = queue.poll()) {
          write(row, line);
        }
        emissions.flush();
        requests.flush();
        if (last) {
          return;
        }
        LockSupport.parkNanos(this, IDLE_NANOS);
      }
    } catch (IOException e) {
      LOG.error("the emission log stopped folder={} reason=\"{}\"", folder, e.toString());
      lost.increment();
    }
  }

  private void write(Row row, StringBuilder line) throws IOException {
    line.setLength(0);
    line.append(quoted(row.server())).append(',');
    switch (row) {
      case Emission emission -> emissions.append(lineOf(emission, line));
      case Request request -> requests.append(lineOf(request, line));
    }
  }

  private StringBuilder lineOf(Emission row, StringBuilder line) {
    return line.append(quoted(row.requestId()))
        .append(',')
        .append(row.index())
        .append(',')
        .append(row.tokens())
        .append(',')
        .append(clock.epochNanos(row.intendedNanos()))
        .append(',')
        .append(clock.epochNanos(row.emittedNanos()))
        .append('\n');
  }

  private StringBuilder lineOf(Request row, StringBuilder line) {
    Long admitted = row.admittedNanos();
    Reuse reuse = row.reuse();
    return line.append(quoted(row.requestId()))
        .append(',')
        .append(clock.epochNanos(row.arrivedNanos()))
        .append(',')
        .append(admitted == null ? "" : Long.toString(clock.epochNanos(admitted)))
        .append(',')
        .append(clock.epochNanos(row.finishedNanos()))
        .append(',')
        .append(orEmpty(row.promptTokens()))
        .append(',')
        .append(reuse == null ? "" : Integer.toString(reuse.cached()))
        .append(',')
        .append(row.outputTokens())
        .append(',')
        .append(row.finishReason())
        .append(',')
        .append(reuse == null ? "" : byTier(reuse))
        .append('\n');
  }

  /** Such as {@code hbm=512;cpu=1024}. */
  private static String byTier(Reuse reuse) {
    return reuse.bySource().entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(";"));
  }

  private static String orEmpty(@Nullable Integer number) {
    return number == null ? "" : number.toString();
  }

  /** By RFC 4180. */
  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private void markIncomplete() {
    LOG.error(
        "the emission log lost rows: its files are renamed to …-incomplete.csv folder={} rows={}",
        folder,
        lost.sum());
    for (String name : new String[] {EMISSIONS, REQUESTS}) {
      try {
        Files.move(file(name), file(name + "-incomplete"), StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        LOG.error("a file cannot be renamed file={} reason=\"{}\"", file(name), e.toString());
      }
    }
  }

  private Path file(String name) {
    return folder.resolve(name + ".csv");
  }
}
