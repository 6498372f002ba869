package dev.kvasir.sink;

import dev.kvasir.sink.warehouse.QueryLimits;
import dev.kvasir.topic.Registry;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sink in a process of its own, for the tests that kill it. */
final class SinkProcess {

  private SinkProcess() {}

  /**
   * Takes the address of Kafka, the home and a file to create once it loads, and loads until it is
   * killed.
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[1]);
    SinkStage.start(
        new SinkSettings(
            args[0],
            Registry.embedded(),
            home.resolve("warehouse.duckdb"),
            home.resolve("exports"),
            0,
            TestLog.TOKEN,
            256L << 20,
            QueryLimits.USUAL));
    Files.createFile(Path.of(args[2]));
    Thread.currentThread().join();
  }
}
