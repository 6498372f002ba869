package dev.kvasir.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.client.Answers;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.publish.PublisherSettings;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generator in a process of its own that may write 128 KiB, while Kafka is away. */
@Tag("long")
class FullDiskTest {

  private static final int REQUESTS = 1_000;
  private static final int TOKENS = 8;

  /** Requests that are answered while Kafka is there. */
  private static final int BEFORE = 50;

  private static final long MEMORY_BYTES = 20_000;
  private static final String DISK_BYTES = "131072";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern LOST = Pattern.compile("(\\d+) events were lost");

  @TempDir private Path folder;

  @Test
  void whatFindsNoRoomOnAFullDiskIsCountedExactlyAndTheRunIsLossy() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "no prlimit here");
    AtomicInteger answered = new AtomicInteger();
    CountDownLatch away = new CountDownLatch(1);
    try (TestLog log = TestLog.start(folder.resolve("kafka"));
        ScriptedServer server =
            ScriptedServer.start((request, out) -> {
              if (answered.get() >= BEFORE) {
                away.await();
              }
              Answers.write(out, Answers.good(TOKENS));
              answered.incrementAndGet();
            })) {
      Process generator = generator(log.bootstrapServers(), server.url());
      try {
        await().atMost(PATIENCE).until(() -> answered.get() >= BEFORE);
        log.stop();
        away.countDown();
        await().atMost(PATIENCE).until(() -> answered.get() >= REQUESTS);
        log.restart();
        assertThat(generator.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      } finally {
        generator.destroyForcibly();
      }
      assertThat(generator.exitValue()).as(said()).isZero();

      RunFinished end = log.events(Topic.RUNS, RunFinished.class).getFirst();
      int sent = log.events(Topic.REQUESTS, RequestSent.class).size();
      int finished = log.events(Topic.REQUESTS, RequestFinished.class).size();
      int tokens = log.events(Topic.TOKENS, TokenReceived.class).size();
      long missing = REQUESTS * (2 + TOKENS) - sent - finished - tokens;
      assertThat(end.getVerdict()).as("%s", end.getReasons()).isEqualTo(Verdict.LOSSY);
      assertThat(end.getRequestsSent()).isEqualTo(sent);
      assertThat(end.getRequestsFinished()).isEqualTo(finished);
      assertThat(end.getTokensReceived()).isEqualTo(tokens);
      assertThat(missing).isPositive();
      assertThat(lost(end) - missing).as("samples that were lost").isBetween(0L, samples(log, end));
    }
  }

  private static long lost(RunFinished end) {
    Matcher reason = LOST.matcher(String.join("; ", end.getReasons()));
    assertThat(reason.find()).as("%s", end.getReasons()).isTrue();
    return Long.parseLong(reason.group(1));
  }

  /** At most how many samples the client made of the run: each of its names once a second. */
  private static long samples(TestLog log, RunFinished end) {
    List<Sampled> kept = log.events(Topic.SAMPLES, Sampled.class);
    long names = kept.stream().map(Sampled::getName).distinct().count();
    long began = log.events(Topic.REQUESTS, RequestSent.class).getFirst().getAt();
    return Math.max(names, 40) * (2 + (end.getAt() - began) / 1_000_000_000);
  }

  private Process generator(String kafka, String url) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "prlimit",
                "--fsize=" + DISK_BYTES,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                kafka,
                folder.resolve("spill").toString(),
                url));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("generator.out").toFile())
        .start();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("generator.out"));
  }

  /** The generator. Arguments: Kafka, spill folder, server. */
  static final class Main {

    private Main() {}

    /** Patient, so that every request is answered in the end. */
    private static Plan plan(String url) {
      return new PlanParser(new DatasetFolder(Path.of(".")), Set.of())
          .parse(
              "full.yaml",
              """
              experiment: full
              repeats: 1
              workload: {input-tokens: 20, prompts: %d, output-tokens: %d}
              load: {concurrency: [2]}
              warm-up: {requests: 0}
              timeout: 600s
              strategies:
                - {name: s, url: "%s", model: m}
              """
                  .formatted(REQUESTS, TOKENS, url));
    }

    public static void main(String[] args) {
      GeneratorSettings settings =
          new GeneratorSettings(
              PublisherSettings.of(args[0], Registry.embedded(), Path.of(args[1]))
                  .withMemoryBytes(MEMORY_BYTES),
              Duration.ZERO,
              "1",
              "abc",
              1,
              List.of(),
              Set.of(),
              Map.of());
      try (Generator generator = Generator.open(settings)) {
        Plans.execute(generator, plan(args[2]));
      }
    }
  }
}
