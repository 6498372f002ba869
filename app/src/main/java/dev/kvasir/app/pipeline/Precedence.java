package dev.kvasir.app.pipeline;

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
 * is only slower. Works on Linux; elsewhere, and where it is not permitted, everyone is equal.
 */
public final class Precedence {

  private static final Logger LOG = LoggerFactory.getLogger(Precedence.class);
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final int LATER = 5;
  private static final int USUAL = 0;

  /** Shell words that put a process first, as far as that is permitted. */
  static final String FIRST = "renice -n -10 -p $$ >/dev/null 2>&1";

  private Precedence() {}

  /** Lets processes that measure go before every thread that this process has now. */
  public static void goAfterChildren() {
    lower(LATER, thread -> true);
  }

  /** Lets this process's own threads go before those that compile its code. */
  public static void compileLater() {
    lower(LATER, thread -> thread.matches("C[12] Compiler.*"));
  }

  /**
   * Lets the event loops of a process that measures go before its threads that publish, sample and
   * compile, and before those that collect garbage.
   */
  public static void measureFirst() {
    lower(
        LATER,
        thread -> thread.matches("C[12] Compiler.*|event-publisher|kafka-producer.*|run-sampler"));
    lower(USUAL, thread -> thread.matches("Z(Worker|Driver).*"));
  }

  private static void lower(int level, Predicate<String> name) {
    if (!Files.isDirectory(TASKS)) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("renice", "-n", Integer.toString(level), "-p"));
    try (Stream<Path> threads = Files.list(TASKS)) {
      threads
          .filter(thread -> name.test(nameOf(thread)))
          .forEach(thread -> command.add(thread.getFileName().toString()));
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      LOG.info("all threads compete alike: {}", e.getMessage());
    }
  }

  private static String nameOf(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).strip();
    } catch (IOException e) {
      LOG.debug("thread {} has ended", thread.getFileName());
      return "";
    }
  }
}
