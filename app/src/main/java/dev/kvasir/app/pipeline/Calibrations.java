package dev.kvasir.app.pipeline;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.calibration.Calibration;
import dev.kvasir.producer.calibration.Trial;
import dev.kvasir.producer.calibration.TrialResult;
import dev.kvasir.time.WallClock;
import dev.kvasir.topic.TopicLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The calibration of this machine's client: measured, and kept in a home. */
public final class Calibrations {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FAST = 50;
  private static final int SLOW = 5;
  private static final List<Integer> FAST_STREAMS =
      List.of(50, 100, 200, 400, 600, 800, 1000, 1300, 1600);
  private static final List<Integer> SLOW_STREAMS = List.of(500, 1000, 2000, 4000, 6000);

  private Calibrations() {}

  /** Loads the calibration that a home keeps. */
  public static Optional<Calibration> of(Home home) {
    Path file = home.calibration();
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), Calibration.class));
    } catch (JacksonException e) {
      throw new IllegalStateException(
          file + " cannot be understood; remove it, or calibrate again", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** Keeps a calibration in place of an earlier one. */
  public static void keep(Home home, Calibration calibration) {
    try {
      home.makeFolder();
      Home.writePrivately(
          home.calibration(),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(calibration));
    } catch (IOException e) {
      throw new UncheckedIOException(home.calibration() + " cannot be written", e);
    }
  }

  /**
   * Measures this machine with a Kafka in this process; fast streams and then slow ones, each until
   * the lag is no longer tolerable.
   *
   * @param seconds how long each load lasts
   * @param heard hears of each result
   */
  public static Calibration measure(Home home, int seconds, Consumer<TrialResult> heard)
      throws InterruptedException {
    LogAddress log = new LogAddress("127.0.0.1:" + Ports.free(), LogAddress.EMBEDDED);
    Path folder = temporary();
    try (EmbeddedBroker _ = broker(folder, log)) {
      Topics.prepare(log, TopicLayout.EMBEDDED);
      List<TrialResult> fast = ladder(home, log, FAST, FAST_STREAMS, seconds, heard);
      List<TrialResult> slow = ladder(home, log, SLOW, SLOW_STREAMS, seconds, heard);
      return new Calibration(
          HostName.local(),
          Runtime.getRuntime().availableProcessors(),
          System.getProperty("java.vm.name") + " " + Runtime.version(),
          Build.current().version(),
          WallClock.system().epochNanos(),
          fast,
          slow);
    } catch (IOException e) {
      throw new UncheckedIOException("the Kafka of a calibration does not start", e);
    } finally {
      remove(folder);
    }
  }

  private static List<TrialResult> ladder(
      Home home,
      LogAddress log,
      int tokensPerSecond,
      List<Integer> streams,
      int seconds,
      Consumer<TrialResult> heard) {
    List<TrialResult> results = new ArrayList<>();
    try (EmitterProcess emitter = EmitterProcess.start(home, tokensPerSecond);
        CalibratorProcess client =
            CalibratorProcess.start(
                home,
                new CalibrationOrder(log, steps(emitter, tokensPerSecond, streams, seconds)))) {
      Precedence.goAfterChildren();
      for (int _ : streams) {
        TrialResult result = client.next();
        results.add(result);
        heard.accept(result);
        if (result.lagP99Ms() > Calibration.TOLERABLE_MS) {
          break;
        }
      }
    }
    return results;
  }

  private static List<CalibrationOrder.Step> steps(
      EmitterProcess emitter, int tokensPerSecond, List<Integer> streams, int seconds) {
    return streams.stream()
        .map(count ->
            new CalibrationOrder.Step(emitter.url(), new Trial(count, tokensPerSecond, seconds)))
        .toList();
  }

  private static EmbeddedBroker broker(Path folder, LogAddress log) throws IOException {
    String address = log.bootstrapServers();
    return EmbeddedBroker.start(
        folder, Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("kvasir-calibration");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder can be made", e);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be removed", e);
    }
  }
}
