package dev.kvasir.app.pipeline;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A role of {@code dev.kvasir.app.child} in a Java process beside this one. It reads JSON lines
 * from this process, and the end of them means that this process died; it answers in JSON lines.
 * Ctrl-C on the terminal does not reach it: this process decides when it stops.
 */
final class ChildJvm implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MAIN = "dev.kvasir.app.child.Child";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration RECORDING = Duration.ofMinutes(3);

  /** Stays alive when the terminal interrupts or hangs up, and becomes the program. */
  private static final List<String> PRELUDE =
      List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "kvasir");

  private final String role;
  private final Process process;
  private final Writer input;
  private final BufferedReader output;
  private final Path errors;

  private ChildJvm(String role, Process process, Path errors) {
    this.role = role;
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.errors = errors;
  }

  /**
   * Starts a process.
   *
   * @param home where it keeps its state
   * @param role what it does; its name in messages and log files
   * @param jvmOptions options of the Java process
   */
  public static ChildJvm start(Home home, String role, List<String> jvmOptions) {
    return start(home, role, List.of(), jvmOptions);
  }

  /**
   * The same.
   *
   * @param before words before the Java command
   */
  static ChildJvm start(Home home, String role, List<String> before, List<String> jvmOptions) {
    List<String> command = new ArrayList<>(PRELUDE);
    command.addAll(before);
    List<String> options = new ArrayList<>(jvmOptions);
    options.addAll(Processors.forwarded());
    options.addAll(StartCache.options(role));
    command.addAll(JavaCommand.of(options, MAIN, List.of(role, home.folder().toString())));
    Path errors = home.log(role).resolveSibling(home.log(role).getFileName() + ".err");
    try {
      home.makeFolder();
      Files.createDirectories(errors.getParent());
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
              .start();
      return new ChildJvm(role, process, errors);
    } catch (IOException e) {
      throw new UncheckedIOException("the " + role + " cannot be started", e);
    }
  }

  /** Writes one line to the child; a dead child hears nothing. */
  public void tell(Object message) {
    try {
      input.write(JSON.writeValueAsString(message));
      input.write('\n');
      input.flush();
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException("the " + role + " cannot be reached", e);
      }
    }
  }

  /** Reads the child's next line; null when there are no more. */
  public <T> @Nullable T hear(Class<T> type) {
    try {
      String line = output.readLine();
      return line == null ? null : JSON.readValue(line, type);
    } catch (JacksonException e) {
      throw new IllegalStateException("the " + role + " answered what nobody understands", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the " + role + " cannot be heard", e);
    }
  }

  /**
   * Reads the child's next line, which must come.
   *
   * @throws IllegalStateException if the child ended instead; with what it said last
   */
  public <T> T mustHear(Class<T> type) {
    T heard = hear(type);
    if (heard == null) {
      throw new IllegalStateException(
          "the %s ended with status %d: %s".formatted(role, awaitEnd(), lastWords()));
    }
    return heard;
  }

  /** Waits until the child has ended; its exit status. */
  public int awaitEnd() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the " + role + " was ending", e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What the child last wrote to its standard error. */
  public String lastWords() {
    try {
      String text = Files.readString(errors).strip();
      return text.isEmpty() ? "it said nothing; see " + errors.getParent() : text;
    } catch (IOException e) {
      return "what it said cannot be read from " + errors;
    }
  }

  /** Ends the child's input, upon which it stops by itself; one that does not is killed. */
  @Override
  public void close() {
    try {
      input.close();
    } catch (IOException e) {
      // It is gone already, which is what closing is for.
      process.destroy();
    }
    try {
      Duration patience = StartCache.isRecorded() ? RECORDING : PATIENCE;
      if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      if (Files.exists(errors) && Files.size(errors) == 0) {
        Files.delete(errors);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(errors + " cannot be removed", e);
    }
  }
}
