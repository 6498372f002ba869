package dev.kvasir.app.stage;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A process of ours whose output is read as a user would read it. */
final class StageProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Process process;
  private final Path output;

  private StageProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts {@code kvasir} with a home of its own. */
  static StageProcess kvasir(Path folder, String name, List<String> options, String... command)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("--home", folder.resolve(name).toString()));
    words.addAll(List.of(command));
    words.addAll(options);
    return java(folder, name, "dev.kvasir.app.Main", words);
  }

  /** Starts {@code kvasir} on a home that others may use too. */
  static StageProcess on(Path home, Path folder, String name, String... command)
      throws IOException {
    return on(home, folder, name, Map.of(), command);
  }

  /** The same with more in its environment. */
  static StageProcess on(
      Path home, Path folder, String name, Map<String, String> environment, String... command)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("--home", home.toString()));
    words.addAll(List.of(command));
    return java(folder, name, "dev.kvasir.app.Main", words, environment);
  }

  /** Starts a main class. */
  static StageProcess java(Path folder, String name, String main, List<String> arguments)
      throws IOException {
    return java(folder, name, main, arguments, Map.of());
  }

  private static StageProcess java(
      Path folder,
      String name,
      String main,
      List<String> arguments,
      Map<String, String> environment)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                // Whoever runs the tests in the background may ignore Ctrl-C; a user does not.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main));
    words.addAll(arguments);
    Path output = folder.resolve(name + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new StageProcess(process, output);
  }

  long pid() {
    return process.pid();
  }

  /** Presses Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** Ends it at once. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Waits until the output matches a pattern, and gives the match. */
  MatchResult awaitSaying(String pattern) {
    Pattern wanted = Pattern.compile(pattern);
    await()
        .atMost(PATIENCE)
        .until(() -> {
          boolean ended = !process.isAlive();
          if (wanted.matcher(said()).find()) {
            return true;
          }
          if (ended) {
            throw new AssertionError("ended before it said " + pattern + ":\n" + said());
          }
          return false;
        });
    return wanted.matcher(said()).results().findFirst().orElseThrow();
  }

  /** Waits for the end and gives the exit status. */
  int exitStatus() throws InterruptedException {
    return exitStatus(PATIENCE);
  }

  /** The same for what takes its time. */
  int exitStatus(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running:\n" + said());
    }
    return process.exitValue();
  }

  /** Everything that it has printed. */
  String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it to stop, as a service manager would, and waits. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(120, TimeUnit.SECONDS).join();
  }
}
