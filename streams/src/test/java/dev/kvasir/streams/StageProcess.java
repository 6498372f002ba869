package dev.kvasir.streams;

import dev.kvasir.topic.Registry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The stage in a JVM of its own, so that it can be killed. */
final class StageProcess {

  private final Process process;

  private StageProcess(Process process) {
    this.process = process;
  }

  /** Starts the stage; what it says goes to a file. */
  static StageProcess start(String bootstrapServers, Path stateFolder, Path log)
      throws IOException {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dlogback.configurationFile=" + System.getProperty("stage.log", "logback-test.xml"),
            "-cp",
            System.getProperty("java.class.path"),
            StageProcess.class.getName(),
            bootstrapServers,
            stateFolder.toString());
    return new StageProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start());
  }

  /** Sends SIGKILL and waits for the end. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  public static void main(String[] arguments) throws Exception {
    StreamsStage stage =
        StreamsStage.start(
            StreamsSettings.of(arguments[0], Registry.embedded(), Path.of(arguments[1])));
    Runtime.getRuntime().addShutdownHook(new Thread(stage::close));
    stage.awaitRunning(Duration.ofSeconds(60));
    Thread.currentThread().join();
  }
}
