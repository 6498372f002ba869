package dev.kvasir.app.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@code kvasir} command that holds the home in a Java process beside this one and prints where
 * this one prints. The end of its input means that this process died or wants it to stop; Ctrl-C on
 * the terminal does not reach it.
 */
public final class StagesProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(80);
  private static final List<String> PRELUDE =
      List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "kvasir");
  private static final List<String> JVM =
      List.of("-XX:+UseParallelGC", "-Xms512m", "-Xmx512m", "-Xlog:disable");

  private final Home home;
  private final Process process;

  private StagesProcess(Home home, Process process) {
    this.home = home;
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param words the command line after {@code kvasir}
   */
  public static StagesProcess start(Home home, List<String> words) {
    List<String> command = new ArrayList<>(PRELUDE);
    List<String> options = new ArrayList<>(JVM);
    options.addAll(StartCache.options("run"));
    command.addAll(JavaCommand.of(options, "dev.kvasir.app.Main", words));
    try {
      return new StagesProcess(
          home,
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("the stages cannot be started", e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it has announced that every stage works. */
  public boolean holdsHome() {
    return Holder.of(home).filter(holder -> holder.pid() == process.pid()).isPresent();
  }

  /** Asks it to end. */
  public void end() {
    try {
      process.outputWriter().close();
    } catch (IOException e) {
      // It is gone already, which is what was asked for.
      process.destroy();
    }
  }

  /** Waits for its end, a process that was asked to no longer than is decent; its exit status. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
