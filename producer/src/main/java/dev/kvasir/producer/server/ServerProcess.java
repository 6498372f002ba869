package dev.kvasir.producer.server;

import dev.kvasir.producer.launch.LaunchedProcess;
import dev.kvasir.time.Pause;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One server under its watchdog, a shell that ends it when this process closes a pipe or dies. Used
 * by the thread that started it, but for what {@link #onExit} is given.
 */
final class ServerProcess {

  private static final Duration BEYOND_GRACE = Duration.ofSeconds(5);
  private static final Duration DYING = Duration.ofMillis(10);
  private static final int SIGNALLED = 128;
  private static final String MARK = "KVASIR_SERVER=";

  private final LaunchedProcess launched;
  private final String mark;
  private final Process watchdog;
  private final ServerLog log;
  private volatile boolean ending;

  private ServerProcess(LaunchedProcess launched, String mark, Process watchdog, ServerLog log) {
    this.launched = launched;
    this.mark = mark;
    this.watchdog = watchdog;
    this.log = log;
  }

  /**
   * Starts a server.
   *
   * @param before words before its command
   * @param mark value of a variable in its environment that nobody else has
   * @param log file that takes what it writes
   * @throws IOException if the watchdog cannot be started; a server that cannot is one that ended
   */
  static ServerProcess start(LaunchedProcess launched, List<String> before, String mark, Path log)
      throws IOException {
    Files.createDirectories(log.getParent());
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of("setsid", "/bin/sh", "-c", script()));
    command.add("kvasir-watchdog");
    command.add(mark);
    command.add(Long.toString(Math.max(1, launched.stopWithin().toSeconds())));
    command.add(launched.stop() == null ? "" : launched.stop());
    command.addAll(launched.words());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of(launched.folder()).toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(launched.environment());
    return new ServerProcess(launched, mark, builder.start(), new ServerLog(log));
  }

  private static String script() {
    try (InputStream script = ServerProcess.class.getResourceAsStream("watchdog.sh")) {
      if (script == null) {
        throw new IllegalStateException("watchdog.sh is not on the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("watchdog.sh cannot be read", e);
    }
  }

  LaunchedProcess launched() {
    return launched;
  }

  ServerLog log() {
    return log;
  }

  boolean isAlive() {
    return watchdog.isAlive();
  }

  /** How it ended, to follow its name. */
  String end() {
    int status = watchdog.exitValue();
    return status > SIGNALLED
        ? "was killed by signal " + (status - SIGNALLED)
        : "ended with status " + status;
  }

  /** Runs something, on another thread, when the server ends and was not asked to. */
  void onExit(Runnable action) {
    var _ =
        watchdog
            .onExit()
            .thenRun(() -> {
              if (!ending) {
                action.run();
              }
            });
  }

  /** Asks it to stop, and does not wait. */
  void beginEnd() {
    ending = true;
    try {
      watchdog.getOutputStream().close();
    } catch (IOException e) {
      // The watchdog is gone; what it left is killed while its end is awaited.
      watchdog.destroyForcibly();
    }
  }

  /** Waits until nothing of it is left, killing what will not go. */
  void awaitEnd() throws InterruptedException {
    Duration patience = launched.stopWithin().multipliedBy(2).plus(BEYOND_GRACE);
    try {
      if (!watchdog.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        watchdog.destroyForcibly().waitFor();
      }
    } finally {
      killStrays();
    }
  }

  /**
   * Kills every process that carries the mark, which the watchdog has done unless it was killed,
   * until none is left or the grace is over.
   */
  private void killStrays() throws InterruptedException {
    List<ProcessHandle> strays = strays();
    for (long left = BEYOND_GRACE.dividedBy(DYING); !strays.isEmpty() && left > 0; left--) {
      strays.forEach(ProcessHandle::destroyForcibly);
      Pause.of(DYING);
      strays = strays();
    }
  }

  private List<ProcessHandle> strays() {
    Pattern carried = Pattern.compile("(^|\0)" + Pattern.quote(MARK + mark) + "(\0|$)");
    return ProcessHandle.allProcesses()
        .filter(each -> carried.matcher(environmentOf(each)).find())
        .toList();
  }

  private static String environmentOf(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "environ"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
