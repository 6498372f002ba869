package dev.kvasir.streams;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.Registry;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Token events through a real broker and the stage, in one process: first all are written, then the
 * stage reads them while nothing else runs.
 *
 * <pre>
 * ./mvnw -q -pl streams -am test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -Xmx1g -cp streams/target/test-classes:streams/target/classes:$(cat streams/target/classpath) \
 *   dev.kvasir.streams.StageBenchmark [TOKENS]
 * </pre>
 */
final class StageBenchmark {

  private static final int STREAMS = 500;
  private static final long GAP_MS = 20;

  private StageBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    int tokens = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3_000_000;
    Path folder = Files.createTempDirectory("kvasir-streams-benchmark");
    try (var broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        var log = new Log(broker.bootstrapServers())) {
      long start = Ticker.system().nanos();
      write(log, tokens);
      report("producer to broker", tokens, start, 0);

      long cpu = cpuNanos();
      start = Ticker.system().nanos();
      try (var stage =
          StreamsStage.start(
              StreamsSettings.of(
                  broker.bootstrapServers(), Registry.embedded(), folder.resolve("streams")))) {
        stage.awaitRunning(Duration.ofSeconds(60));
        long running = Ticker.system().nanos();
        System.out.printf("running after %.1f s%n", (running - start) / 1e9);
        cpu = cpuNanos();
        awaitTokens(log, tokens);
        report("broker to windows", tokens, running, cpu);
      }
    }
  }

  /** Answers that stream side by side, each token at its own time. */
  private static void write(Log log, int tokens) {
    RunEvents run = RunEvents.ofRun(1);
    log.send(run.started());
    int each = tokens / STREAMS;
    for (int ordinal = 0; ordinal < STREAMS; ordinal++) {
      log.send(run.sent(ordinal, 0, ordinal % 20));
      log.send(run.first(ordinal, 0, ordinal % 20, 50 + ordinal % 20));
    }
    for (int index = 1; index < each; index++) {
      for (int ordinal = 0; ordinal < STREAMS; ordinal++) {
        log.send(run.next(ordinal, index, 1, GAP_MS, 50 + ordinal % 20 + index * GAP_MS));
      }
    }
    for (int ordinal = 0; ordinal < STREAMS; ordinal++) {
      long end = 70 + each * GAP_MS;
      log.send(run.finished(ordinal, 0, end, Outcome.OK).setSentAt(RunEvents.at(0)).build());
    }
    log.flush();
  }

  private static void awaitTokens(Log log, int tokens) {
    int expected = tokens - tokens % STREAMS;
    WindowMeasured whole = null;
    while (whole == null || whole.getChunks() < expected) {
      log.read(Duration.ofMillis(20));
      whole = log.whole(1);
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void report(String what, int tokens, long startNanos, long cpuNanos) {
    double seconds = (Ticker.system().nanos() - startNanos) / 1e9;
    System.out.printf(
        "%s: %,d events in %.1f s, %,.0f events/s", what, tokens, seconds, tokens / seconds);
    if (cpuNanos > 0) {
      System.out.printf(
          ", %.2f us CPU of the process per event", (cpuNanos() - cpuNanos) / 1e3 / tokens);
    }
    System.out.println();
  }
}
