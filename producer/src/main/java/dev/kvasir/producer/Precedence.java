package dev.kvasir.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who goes first where threads compete for processors. A generator and a simulator that wait for
 * one are late, and that looks like the server's latency; a broker, a sink or a compiler that waits
 * is only slower. Works on Linux and needs no privilege, for threads are only moved back; elsewhere
 * all are equal.
 */
public final class Precedence {

  private static final Logger LOG = LoggerFactory.getLogger(Precedence.class);
  private static final int LATER = 5;
  private static final int LAST = 10;
  private static final String COMPILER = "C[12] Compiler.*";

  private Precedence() {}

  /** Lets processes that measure go before every thread that this process has now. */
  public static void goAfterChildren() {
    set(LAST, thread -> true);
  }

  /** Lets this process's own threads go before those that compile its code. */
  public static void compileLater() {
    set(LATER, thread -> thread.matches(COMPILER));
  }

  /**
   * Lets the event loops of a process that measures go before its threads that publish, log, sample
   * and compile, and these before the ones that collect garbage. On one processor a collector
   * beside the loops makes tokens late by milliseconds; one that is held back further comes too
   * late, and everything waits for it.
   */
  public static void measureFirst() {
    set(
        LATER,
        thread ->
            thread.matches(
                COMPILER + "|event-publisher|emission-log|kafka-producer.*|run-sampler"));
    set(LAST, thread -> thread.matches("Z(Worker|Driver).*"));
  }

  private static void set(int level, Predicate<String> name) {
    Path tasks = Path.of("/proc/self/task");
    if (!Files.isDirectory(tasks)) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("renice", "-n", Integer.toString(level), "-p"));
    try (Stream<Path> threads = Files.list(tasks)) {
      threads
          .filter(thread -> name.test(nameOf(thread)))
          .forEach(thread -> command.add(thread.getFileName().toString()));
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      LOG.info("all threads compete alike reason=\"{}\"", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String nameOf(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).strip();
    } catch (IOException e) {
      LOG.debug("a thread has ended thread={}", thread.getFileName());
      return "";
    }
  }
}
