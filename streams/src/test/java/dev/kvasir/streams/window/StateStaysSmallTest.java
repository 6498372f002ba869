package dev.kvasir.streams.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.WindowMeasured;
import dev.kvasir.streams.RunEvents;
import dev.kvasir.streams.pane.PartitionRuns;
import dev.kvasir.streams.pane.Report;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run of hours: what is kept of it does not grow, and what is measured of it stays exact. */
class StateStaysSmallTest {

  private static final RunEvents RUN = RunEvents.ofRun(7);
  private static final int SECONDS = 3_600;
  private static final long TICK = 1_000_000_000;

  private final Map<ByteBuffer, byte[]> partitionState = new HashMap<>();
  private final Map<ByteBuffer, byte[]> mergedState = new HashMap<>();
  private final Map<Integer, WindowMeasured> newest = new HashMap<>();
  private PartitionRuns partition = new PartitionRuns(0);
  private MergedRuns merged = merged();

  @Test
  void aLongRunKeepsAFewMinutesOfPanesAndAnExactWhole() {
    int largest = 0;
    for (int second = 0; second < SECONDS; second++) {
      long ms = second * 1000L;
      RUN.answered(second, ms, ms, ms + 100, 3, 10).forEach(partition::accept);
      tick();
      largest = Math.max(largest, partitionState.size() + mergedState.size());
      if (second == SECONDS / 2) {
        restart();
      }
    }

    assertThat(largest).isLessThan(1_200);
    assertThat(newest.get(0).getOk()).isEqualTo(SECONDS);
    assertThat(newest.get(0).getTtft().getCount()).isEqualTo(SECONDS);
    assertThat(newest.get(60).getOk()).isEqualTo(60);
    assertThat(newest.get(0).getInFlight()).isZero();
  }

  @Test
  void aFinishedRunIsForgotten() {
    List<SpecificRecord> events = new ArrayList<>(RUN.answered(0, 0, 0, 100, 3, 10));
    events.forEach(partition::accept);
    merged.accept(Report.RunEnded.of(RUN.ended(1_000, events)).getFirst());
    pass(Duration.ofSeconds(70));
    assertThat(mergedState).hasSize(1);
    assertThat(partitionState).isNotEmpty();

    pass(Duration.ofMinutes(16));
    assertThat(partitionState).as("its counts alone").hasSize(1);
    assertThat(mergedState).hasSize(1);

    pass(Duration.ofHours(25));
    assertThat(mergedState).isEmpty();
    passQuickly(Duration.ofDays(7));
    assertThat(partitionState).isEmpty();
  }

  @Test
  void aRunWhoseGeneratorDiedIsForgottenToo() {
    partition.accept(RUN.sent(0, 0, 0));
    pass(Duration.ofMinutes(59));
    assertThat(partitionState).isNotEmpty();
    assertThat(newest.get(0).getOldestWaitNanos()).isGreaterThan(3_000_000_000_000L);

    pass(Duration.ofHours(26));
    assertThat(partitionState).as("its counts and its wait").hasSize(2);
    assertThat(mergedState.size()).isLessThan(10);

    passQuickly(Duration.ofDays(7));
    assertThat(partitionState).isEmpty();
    assertThat(mergedState.size()).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest(name = "silent for {0}, stages started again meanwhile: {1}")
  @CsvSource({"PT1H, false", "PT1H, true", "PT62H, false", "PT62H, true"})
  void aRunThatIsSilentForANightOrAWeekendGoesOn(Duration silence, boolean restarted) {
    List<SpecificRecord> events = new ArrayList<>(RUN.answered(0, 0, 0, 100, 3, 10));
    events.addAll(RUN.answered(1, 1_000, 1_000, 1_100, 3, 10));
    List<SpecificRecord> late = new ArrayList<>(RUN.answered(2, 1_200, 1_200, 1_300, 3, 10));
    long after = 2_000 + silence.toMillis();
    late.addAll(RUN.answered(3, after, after, after + 100, 3, 10));
    events.forEach(partition::accept);

    passQuickly(silence);
    if (restarted) {
      restart();
      passQuickly(silence);
    }
    late.forEach(partition::accept);
    events.addAll(late);
    merged.accept(Report.RunEnded.of(RUN.ended(after + 1_000, events)).getFirst());
    pass(Duration.ofSeconds(15));

    assertThat(newest.get(0).getOk()).isEqualTo(4);
    assertThat(newest.get(0).getTtft().getCount()).isEqualTo(4);
    assertThat(newest.get(0).getInFlight()).isZero();
    assertThat(newest.get(60).getOk()).isEqualTo(1);
    pass(Duration.ofSeconds(50));
    assertThat(mergedState).as("complete, and closed a minute after its end").hasSize(1);
  }

  @Test
  void ofManyRunsThatRestTheLastAreKnown() {
    int runs = 2_100;
    for (int number = 1; number <= runs; number++) {
      RunEvents.ofRun(number).answered(0, 0, 0, 100, 3, 10).forEach(partition::accept);
    }
    passQuickly(Duration.ofHours(2));

    assertThat(partitionState).hasSize(2_000);
  }

  private void pass(Duration length) {
    for (long second = 0; second < length.toSeconds(); second++) {
      tick();
    }
  }

  private void passQuickly(Duration length) {
    for (long minute = 0; minute <= length.toMinutes(); minute++) {
      tick(60 * TICK);
    }
  }

  private void tick() {
    tick(TICK);
  }

  private void tick(long nanos) {
    partition.tick(nanos, 0, merged::accept);
    partition.save((key, value) -> write(partitionState, key, value));
    merged.tick(nanos, window -> newest.put(window.getSeconds(), window));
  }

  private void restart() {
    partition = new PartitionRuns(0);
    Map.copyOf(partitionState).forEach((key, value) -> partition.restore(key.array(), value));
    merged = merged();
    Map.copyOf(mergedState).forEach((key, value) -> merged.restore(key.array(), value));
  }

  private MergedRuns merged() {
    return new MergedRuns((key, value) -> write(mergedState, key, value));
  }

  private static void write(Map<ByteBuffer, byte[]> state, byte[] key, byte[] value) {
    if (value == null) {
      state.remove(ByteBuffer.wrap(key));
    } else {
      state.put(ByteBuffer.wrap(key), value);
    }
  }
}
