package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.metric.TokenMetrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of a shared run of which two generators speak. */
class TakenOverTest {

  private static final long RUN = 7;
  private static final long START = SampleRuns.START;
  private static final long MS = 1_000_000;

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whatALowerEpochSaysOfThemDoesNotCount(long seed) throws Exception {
    List<SpecificRecord> events = new ArrayList<>();
    // 0 ended well under the first holder; nobody took it over.
    sent(events, 0, 1, 0);
    token(events, 0, 0, 1, 10);
    ended(events, 0, 1, Outcome.OK, 10);
    // 1 was in flight when its holder died; the next one says that it is lost.
    sent(events, 1, 1, 0);
    token(events, 1, 0, 1, 12);
    ended(events, 1, 2, Outcome.ABORTED, null);
    // 2 was sent anew, and the first holder went on all the same.
    sent(events, 2, 1, 0);
    token(events, 2, 0, 1, 14);
    token(events, 2, 1, 1, 15);
    ended(events, 2, 1, Outcome.OK, 14);
    sent(events, 2, 2, 50);
    token(events, 2, 0, 2, 90);
    token(events, 2, 1, 2, 92);
    ended(events, 2, 2, Outcome.OK, 90);
    Collections.shuffle(events, new Random(seed));
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      events.add(SampleRuns.started(RUN, "cpu", "rate=1", 1));
      warehouse.load(events);

      assertThat(warehouse.query("SELECT ordinal, epoch, sent_epoch FROM taken_over ORDER BY 1"))
          .extracting(QueryResult::rows)
          .isEqualTo(List.of(row(1, 2, null), row(2, 2, 2)));
      assertThat(
              warehouse.query(
                  "SELECT ordinal, epoch, outcome, ttft_ms, queue_ms FROM requests ORDER BY ordinal"))
          .extracting(QueryResult::rows)
          .isEqualTo(
              List.of(
                  row(0, 1, "OK", 10.0, 0.0),
                  row(1, 2, "ABORTED", null, 0.0),
                  row(2, 2, "OK", 90.0, 50.0)));
      assertThat(
              warehouse.query(
                  "SELECT ordinal, index, (at_ns - %d) // %d, itl_ms FROM tokens ORDER BY 1, 2"
                      .formatted(START, MS)))
          .extracting(QueryResult::rows)
          .isEqualTo(
              List.of(
                  row(0, 0, 10L, null),
                  row(1, 0, 12L, null),
                  row(2, 0, 90L, null),
                  row(2, 1, 92L, 2.0)));
      assertThat(warehouse.query("SELECT mean_itl_ms, max_itl_ms FROM results"))
          .extracting(QueryResult::rows)
          .isEqualTo(List.of(row(2.0, 2.0)));
    }
  }

  private static List<Object> row(Object... values) {
    return new ArrayList<>(java.util.Arrays.asList(values));
  }

  private static void sent(List<SpecificRecord> events, int ordinal, int epoch, long lateMs) {
    events.add(
        RequestSent.newBuilder()
            .setRun(RUN)
            .setOrdinal(ordinal)
            .setAt(START + lateMs * MS)
            .setDueAt(START)
            .setPhase(Phase.MEASURE)
            .setEpoch(epoch)
            .build());
  }

  private static void token(
      List<SpecificRecord> events, int ordinal, int index, int epoch, long atMs) {
    events.add(
        new TokenReceived(
            RUN,
            ordinal,
            index,
            START + atMs * MS,
            1,
            index == 0 ? null : (Long) (epoch * MS),
            index == 0 ? (Long) (atMs * MS) : null,
            index == 0 ? (Long) (atMs * MS) : null,
            index,
            TokenMetrics.flags(Phase.MEASURE, false, epoch)));
  }

  private static void ended(
      List<SpecificRecord> events, int ordinal, int epoch, Outcome outcome, Integer firstMs) {
    Long first = firstMs == null ? null : (Long) (START + firstMs * MS);
    events.add(
        RequestFinished.newBuilder()
            .setRun(RUN)
            .setOrdinal(ordinal)
            .setAt(START + 100 * MS)
            .setOutcome(outcome)
            .setDueAt(START)
            .setSentAt(START + (epoch == 2 && outcome == Outcome.OK ? 50 * MS : 0))
            .setFirstContentAt(first)
            .setChunks(firstMs == null ? 0 : 1)
            .setPhase(Phase.MEASURE)
            .setTimeoutNanos(5_000 * MS)
            .setEpoch(epoch)
            .build());
  }
}
