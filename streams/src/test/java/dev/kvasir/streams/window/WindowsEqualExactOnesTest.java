package dev.kvasir.streams.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.streams.ExactWindows;
import dev.kvasir.streams.RunEvents;
import dev.kvasir.streams.pane.PartitionRuns;
import dev.kvasir.streams.pane.Report;
import dev.kvasir.streams.pane.Report.RunEnded;
import dev.kvasir.topic.EventRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Partitions read a run's events in an order of their own, fail and go on from their last commit,
 * and so does the merge: every window is what all events together say.
 */
class WindowsEqualExactOnesTest {

  private static final long RUN = 7;
  private static final int PARTITIONS = 4;
  private static final long TICK = 250_000_000;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("seeds", 12));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void windowsEqualExactOnesWhateverTheOrderAndWhoeverFails(long seed) {
    RandomGenerator random = new Random(seed);
    RunEvents run = RunEvents.ofRun(RUN);
    List<SpecificRecord> events = run.random(150, 90_000, random);
    Merging merging = new Merging();
    List<Reading> readings = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      readings.add(new Reading(partition, share(events, partition, random)));
    }

    merging.runs.accept(RunEnded.of(run.ended(95_000, events)).getFirst());
    while (readings.stream().anyMatch(Reading::unread)) {
      Reading reading = readings.get(random.nextInt(PARTITIONS));
      switch (random.nextInt(12)) {
        case 0 -> reading.fail();
        case 1 -> merging.fail();
        case 2, 3, 4 -> reading.commit().forEach(merging.runs::accept);
        default -> reading.read(1 + random.nextInt(60));
      }
      if (random.nextInt(4) == 0) {
        merging.tick();
      }
    }
    readings.forEach(reading -> reading.commit().forEach(merging.runs::accept));
    for (int i = 0; i < 20; i++) {
      merging.tick();
    }

    ExactWindows exact = new ExactWindows(events);
    assertThat(merging.windows.size()).isGreaterThan(4 * 89);
    merging.windows.values().forEach(exact::check);
    assertThat(merging.windows.values()).allMatch(window -> window.getLate() == 0);
  }

  /** A partition's events; those of one request may change places with others near them. */
  private static List<SpecificRecord> share(
      List<SpecificRecord> events, int partition, RandomGenerator random) {
    List<SpecificRecord> share = new ArrayList<>();
    for (SpecificRecord event : events) {
      if (Math.floorMod(ordinal(event), PARTITIONS) == partition) {
        share.add(Math.max(0, share.size() - random.nextInt(8)), event);
      }
    }
    return share;
  }

  private static int ordinal(SpecificRecord event) {
    return switch (event) {
      case RequestSent sent -> sent.getOrdinal();
      case RequestFinished finished -> finished.getOrdinal();
      case TokenReceived token -> token.getOrdinal();
      default -> throw new AssertionError(EventRecord.at(event));
    };
  }

  /** One partition: what it did since its last commit is lost when it fails. */
  private static final class Reading {
    private final int partition;
    private final List<SpecificRecord> events;
    private final Map<ByteBuffer, byte[]> saved = new HashMap<>();
    private final List<Report> reports = new ArrayList<>();
    private PartitionRuns runs;
    private int next;
    private int committed;

    Reading(int partition, List<SpecificRecord> events) {
      this.partition = partition;
      this.events = events;
      this.runs = new PartitionRuns(partition);
    }

    boolean unread() {
      return next < events.size();
    }

    void read(int count) {
      for (int last = Math.min(events.size(), next + count); next < last; next++) {
        assertThat(runs.accept(events.get(next))).isTrue();
      }
      if (next % 2 == 0) {
        runs.tick(TICK, 0, reports::add);
      }
    }

    List<Report> commit() {
      runs.tick(TICK, 0, reports::add);
      runs.save((key, value) -> write(saved, key, value));
      committed = next;
      List<Report> sent = List.copyOf(reports);
      reports.clear();
      return sent.stream().map(report -> Report.fromBytes(report.toBytes())).toList();
    }

    void fail() {
      reports.clear();
      next = committed;
      runs = new PartitionRuns(partition);
      saved.forEach((key, value) -> runs.restore(key.array(), value));
    }
  }

  /** The merge, whose every step is committed. */
  private static final class Merging {
    private final Map<ByteBuffer, byte[]> saved = new HashMap<>();
    private final Map<String, WindowMeasured> windows = new TreeMap<>();
    private MergedRuns runs = new MergedRuns((key, value) -> write(saved, key, value));

    void tick() {
      runs.tick(
          100_000_000,
          window -> windows.put(window.getEndSecond() + "/" + window.getSeconds(), window));
    }

    void fail() {
      runs = new MergedRuns((key, value) -> write(saved, key, value));
      Map.copyOf(saved).forEach((key, value) -> runs.restore(key.array(), value));
    }
  }

  private static void write(Map<ByteBuffer, byte[]> saved, byte[] key, byte[] value) {
    if (value == null) {
      saved.remove(ByteBuffer.wrap(key));
    } else {
      saved.put(ByteBuffer.wrap(key), value);
    }
  }
}
