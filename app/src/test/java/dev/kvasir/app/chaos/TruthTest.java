package dev.kvasir.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** What chaos looks for is found when it is there. */
class TruthTest {

  private static final long RUN = 5;

  private final List<SpecificRecord> events = new ArrayList<>();

  @Test
  void aTokenThatTheSimulatorNeverSentIsAnInvention() {
    finished(0, Outcome.OK, 3);

    assertThat(truth(2).inventions().holds()).isFalse();
    assertThat(truth(3).inventions().holds()).isTrue();
  }

  @Test
  void aTokenLackingInARequestThatEndedWellIsALossUnlessItsRunSaysSo() {
    finished(0, Outcome.OK, 2);
    assertThat(truth(3).losses().holds()).isFalse();

    events.add(runFinished("1 tokens of requests that had ended never reached the log"));
    assertThat(truth(3).losses().holds()).isTrue();
  }

  @Test
  void aTokenLackingInARequestThatWasAbortedIsNone() {
    finished(0, Outcome.ABORTED, 2);

    assertThat(truth(3).losses().holds()).isTrue();
  }

  @Test
  void aRequestThatTheLogDoesNotKnowIsALoss() {
    events.add(runFinished("1 tokens of requests that had ended never reached the log"));

    assertThat(truth(3).losses().holds()).isFalse();
  }

  @Test
  void anEventThatIsThereTwiceIsCounted() {
    finished(0, Outcome.OK, 3);
    events.add(token(0, 1));

    RequestRecords request = LogRecords.of(events).requests().get(new RequestKey(RUN, 0));
    assertThat(request.doubled()).isEqualTo(1);
  }

  private Truth truth(long emitted) {
    return new Truth(LogRecords.of(events), Map.of(RUN + "/0", new Emitted(emitted)));
  }

  private void finished(int ordinal, Outcome outcome, int chunks) {
    for (int index = 0; index < chunks; index++) {
      events.add(token(ordinal, index));
    }
    events.add(
        RequestFinished.newBuilder()
            .setRun(RUN)
            .setOrdinal(ordinal)
            .setAt(1)
            .setOutcome(outcome)
            .setDueAt(1)
            .setChunks(chunks)
            .setPhase(Phase.MEASURE)
            .setTimeoutNanos(1)
            .build());
  }

  private static TokenReceived token(int ordinal, int index) {
    return new TokenReceived(RUN, ordinal, index, 1L, null, null, null, null, 1, 1);
  }

  private static RunFinished runFinished(String reason) {
    return RunFinished.newBuilder()
        .setRun(RUN)
        .setAt(2)
        .setVerdict(Verdict.ABORTED)
        .setReasons(List.of("its generator died", reason))
        .setRequestsSent(1)
        .setRequestsFinished(1)
        .setTokensReceived(1)
        .build();
  }
}
