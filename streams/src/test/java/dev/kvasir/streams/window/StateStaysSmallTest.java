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
    assertThat(partitionState).isEmpty();
    assertThat(mergedState).hasSize(1);

    pass(Duration.ofHours(25));
    assertThat(mergedState).isEmpty();
  }

  @Test
  void aRunWhoseGeneratorDiedIsForgottenToo() {
    partition.accept(RUN.sent(0, 0, 0));
    pass(Duration.ofMinutes(59));
    assertThat(partitionState).isNotEmpty();
    assertThat(newest.get(0).getOldestWaitNanos()).isGreaterThan(3_000_000_000_000L);

    pass(Duration.ofHours(26));
    assertThat(partitionState).isEmpty();
    assertThat(mergedState.size()).isLessThanOrEqualTo(1);
  }

  private void pass(Duration length) {
    for (long second = 0; second < length.toSeconds(); second++) {
      tick();
    }
  }

  private void tick() {
    partition.tick(TICK, 0, merged::accept);
    partition.save((key, value) -> write(partitionState, key, value));
    merged.tick(TICK, window -> newest.put(window.getSeconds(), window));
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
