package dev.kvasir.app.chaos;

import dev.kvasir.app.pipeline.JavaCommand;
import dev.kvasir.app.pipeline.StartCache;
import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One of the processes, over all of its lives. Owned by the thread that makes chaos. */
final class PartProcess {

  private static final List<String> JVM =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");
  private static final Duration GENTLE = Duration.ofSeconds(40);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(4);
  private static final Duration BACK_OFF = Duration.ofMillis(250);
  private static final Duration HEALTHY = Duration.ofSeconds(20);

  private final Part part;
  private final Path folder;
  private final IntFunction<List<String>> arguments;
  private final Ticker ticker;
  private @Nullable Process process;
  private int lives;
  private long startedAt;

  /** When a process that ended by itself is started again; null while it lives or is to be dead. */
  private @Nullable Long dueAt;

  private Duration backOff = BACK_OFF;
  private boolean wanted;
  private final List<Integer> ownEnds = new ArrayList<>();

  /**
   * @param folder where its output goes
   * @param arguments of the {@code kvasir} command of the n-th life, from 1
   */
  PartProcess(Part part, Path folder, IntFunction<List<String>> arguments, Ticker ticker) {
    this.part = part;
    this.folder = folder;
    this.arguments = arguments;
    this.ticker = ticker;
  }

  /** Begins a life, if it is dead. */
  void start() {
    if (isAlive()) {
      return;
    }
    wanted = true;
    dueAt = null;
    lives++;
    startedAt = ticker.nanos();
    List<String> words = new ArrayList<>(List.of("--home", home().toString()));
    words.addAll(arguments.apply(lives));
    List<String> jvm = new ArrayList<>(JVM);
    jvm.addAll(StartCache.options("run"));
    Path output = folder.resolve(part + ".out");
    try {
      Files.createDirectories(folder);
      process =
          new ProcessBuilder(JavaCommand.of(jvm, "dev.kvasir.app.Main", words))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("the " + part + " cannot be started", e);
    }
  }

  /** The home that it works on. */
  Path home() {
    return folder.resolve(part.toString());
  }

  /** When its present life began. */
  long startedAt() {
    return startedAt;
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** The exit statuses of lives that nobody ended. */
  List<Integer> ownEnds() {
    return ownEnds;
  }

  /** Starts it again if it ended by itself, later each time. */
  void tend() {
    long now = ticker.nanos();
    if (!wanted) {
      return;
    }
    if (isAlive()) {
      if (now - startedAt > HEALTHY.toNanos()) {
        backOff = BACK_OFF;
      }
      return;
    }
    if (dueAt == null && process != null) {
      ownEnds.add(process.exitValue());
      dueAt = now + backOff.toNanos();
      backOff = backOff.multipliedBy(2);
      backOff = backOff.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : backOff;
    } else if (dueAt != null && now >= dueAt) {
      start();
    }
  }

  /** Ends it at once; it stays dead until it is started. */
  void kill() throws InterruptedException {
    wanted = false;
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Asks it to end and waits; one that does not is killed. */
  void end() throws InterruptedException {
    wanted = false;
    if (process == null) {
      return;
    }
    process.destroy();
    if (!process.waitFor(GENTLE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /**
   * Waits until it ends by itself.
   *
   * @return its exit status; null if it lives longer than the limit
   */
  @Nullable Integer await(Duration limit) throws InterruptedException {
    wanted = false;
    return process != null && process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
        ? (Integer) process.exitValue()
        : null;
  }

  void suspend() throws InterruptedException {
    command("kill", "-STOP", pid());
  }

  void resume() throws InterruptedException {
    if (isAlive()) {
      command("kill", "-CONT", pid());
    }
  }

  /**
   * Limits how long files may become, as a disk does that is full.
   *
   * @param bytes null for no limit
   */
  void limitFiles(@Nullable Long bytes) throws InterruptedException {
    if (isAlive()) {
      command("prlimit", "--pid", pid(), "--fsize=" + (bytes == null ? "unlimited" : bytes) + ":");
    }
  }

  private String pid() {
    return Long.toString(process == null ? 0 : process.pid());
  }

  private static void command(String... words) throws InterruptedException {
    try {
      new ProcessBuilder(words)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
      Pause.of(Duration.ofMillis(1));
    } catch (IOException e) {
      throw new UncheckedIOException(words[0] + " cannot be run; install it", e);
    }
  }
}
