package dev.kvasir.producer.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.Thresholds;
import java.time.Duration;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgementTest {

  private static final ClientHealth WELL = new ClientHealth(0, 0, 0, 0);
  private static final long MILLI = 1_000_000;
  private static final long SCHEDULE = Duration.ofSeconds(10).toNanos();

  private final RunRecord requests = new RunRecord();

  @Test
  void aRunWithoutRemarksIsValid() {
    run(100, Outcome.OK, ordinal -> 50, 20 * MILLI);

    assertThat(judge(WELL, SCHEDULE, 0, false)).isEqualTo(new Judgement(Verdict.VALID, List.of()));
  }

  @Test
  void aStoppedRunIsAbortedWhateverElse() {
    run(100, Outcome.CONNECTION_FAILED, ordinal -> 50, 20 * MILLI);

    assertThat(judge(WELL, SCHEDULE, 3, true).verdict()).isEqualTo(Verdict.ABORTED);
  }

  @Test
  void aServerThatAnsweredNothingHasFailed() {
    run(100, Outcome.CONNECTION_FAILED, ordinal -> 50, 20 * MILLI);

    assertJudged(judge(WELL, SCHEDULE, 0, false), Verdict.SERVER_FAILED, "none of 100 requests");
  }

  @Test
  void lostEventsMakeARunLossyAndAreCounted() {
    run(100, Outcome.OK, ordinal -> 50, 20 * MILLI);

    assertJudged(judge(WELL, SCHEDULE, 3, false), Verdict.LOSSY, "3 events");
  }

  @Test
  void tokensFasterThanAnyModelAreImplausible() {
    run(100, Outcome.OK, ordinal -> 50, MILLI / 10);

    assertJudged(judge(WELL, SCHEDULE, 0, false), Verdict.IMPLAUSIBLE, "0.10 ms");
  }

  @Test
  void aRunInWhichNothingEndedWellIsImplausible() {
    run(100, Outcome.SERVER_ERROR, ordinal -> 50, 20 * MILLI);

    assertJudged(judge(WELL, SCHEDULE, 0, false), Verdict.IMPLAUSIBLE, "none of 100 requests");
  }

  @Test
  void aLateClientLimitedTheRun() {
    run(100, Outcome.OK, ordinal -> 50, 20 * MILLI);

    assertJudged(
        judge(new ClientHealth(11 * MILLI, 0, 0, 0), SCHEDULE, 0, false),
        Verdict.CLIENT_LIMITED,
        "dispatch lag is 11.00 ms, over the limit of 10.00 ms");
    assertJudged(
        judge(new ClientHealth(0, 11 * MILLI, 0, 0), SCHEDULE, 0, false),
        Verdict.CLIENT_LIMITED,
        "event loop");
    assertJudged(
        judge(new ClientHealth(0, 0, 51 * MILLI, 0), SCHEDULE, 0, false),
        Verdict.CLIENT_LIMITED,
        "garbage collection");
    assertJudged(
        judge(new ClientHealth(0, 0, 0, 11 * MILLI), SCHEDULE, 0, false),
        Verdict.CLIENT_LIMITED,
        "wall clock");
  }

  @Test
  void aClientLimitNamesTheSecondsThatItAffects() {
    run(100, Outcome.OK, ordinal -> 50, 20 * MILLI);
    List<ClientSecond> seconds =
        IntStream.range(0, 10)
            .mapToObj(second ->
                new ClientSecond(
                    second, 0, second >= 3 && second != 5 ? 12 * MILLI : 0, 0, 0, 0.5, 0))
            .toList();

    assertJudged(
        judge(new ClientHealth(0, 12 * MILLI, 0, 0, seconds), SCHEDULE, 0, false),
        Verdict.CLIENT_LIMITED,
        "lag is 12.00 ms, over the limit of 10.00 ms in seconds 3-4, 6-9 of 10");
  }

  @Test
  void whatOnlySingleSecondsExceedIsARemarkBesideTheVerdict() {
    run(100, Outcome.OK, ordinal -> 50, 20 * MILLI);
    List<ClientSecond> seconds =
        List.of(
            new ClientSecond(0, 0, 0, 0, 0, 0.5, 0),
            new ClientSecond(1, 0, 12 * MILLI, 0, 0, 0.5, 0));

    assertJudged(
        judge(new ClientHealth(0, MILLI, 0, 0, seconds), SCHEDULE, 0, false),
        Verdict.VALID,
        "p99 of the event loop's lag exceeds 10.00 ms in second 1 of 2");
  }

  @Test
  void aLoopThatIsAlwaysOnAProcessorLimitedTheRun() {
    run(100, Outcome.OK, ordinal -> 50, 20 * MILLI);
    List<ClientSecond> seconds =
        IntStream.range(0, 40)
            .mapToObj(second -> new ClientSecond(second, 0, 0, 0, 0, second < 4 ? 0.97 : 0.2, 9))
            .toList();

    assertJudged(
        judge(new ClientHealth(0, 0, 0, 0, seconds), SCHEDULE, 0, false),
        Verdict.CLIENT_LIMITED,
        "an event loop's share of a processor is 97%, over the limit of 90% in seconds 0-3 of 40");
  }

  @Test
  void aLimitedClientIsNotBelievedAboutTheServer() {
    run(100, Outcome.OK, ordinal -> 50, MILLI / 10);

    assertJudged(
        judge(new ClientHealth(11 * MILLI, 0, 0, 0), SCHEDULE, 0, false),
        Verdict.CLIENT_LIMITED,
        "dispatch lag");
  }

  @Test
  void limitsAreInclusive() {
    run(100, Outcome.OK, ordinal -> 50, 20 * MILLI);

    assertThat(
            judge(
                    new ClientHealth(10 * MILLI, 10 * MILLI, 50 * MILLI, 10 * MILLI),
                    SCHEDULE,
                    0,
                    false)
                .verdict())
        .isEqualTo(Verdict.VALID);
  }

  @Test
  void aQueueThatGrewAndWasLeftAtTheEndIsAnOverload() {
    run(100, Outcome.OK, ordinal -> 50 + 100 * ordinal, 20 * MILLI);

    assertJudged(judge(WELL, SCHEDULE, 0, false), Verdict.OVERLOADED, "grew from");
  }

  @Test
  void aClosedLoopIsNeverOverloaded() {
    run(100, Outcome.OK, ordinal -> 50 + 100 * ordinal, 20 * MILLI);

    assertThat(judge(WELL, 0, 0, false).verdict()).isEqualTo(Verdict.VALID);
  }

  @Test
  void aQueueThatGrewAndWasServedIsNoOverload() {
    run(100, Outcome.OK, ordinal -> 5 + ordinal, 2 * MILLI);

    assertThat(judge(WELL, SCHEDULE, 0, false).verdict()).isEqualTo(Verdict.VALID);
  }

  @Test
  void timeoutsAreAnOverload() {
    run(99, Outcome.OK, ordinal -> 50, 20 * MILLI);
    requests.add(request(99, Outcome.TIMEOUT, 50, 20 * MILLI));

    assertJudged(judge(WELL, SCHEDULE, 0, false), Verdict.OVERLOADED, "1 of 100");
  }

  @Test
  void whatTheFirstRequestFailedWithIsSaidWhereNoneEndedWell() {
    requests.add(failed(0, "HTTP 404: no such model"));
    requests.add(failed(1, "HTTP 500"));

    assertThat(judge(WELL, SCHEDULE, 0, false).reasons())
        .containsExactly(
            "none of 2 requests ended well; the first failed with: HTTP 404: no such model");
  }

  @Test
  void someFailuresAreARemarkOfAtMostTwoHundredCharacters() {
    run(98, Outcome.OK, ordinal -> 50, 20 * MILLI);
    requests.add(failed(98, "x".repeat(300)));
    requests.add(failed(99, "HTTP 500"));

    assertThat(judge(WELL, SCHEDULE, 0, false))
        .isEqualTo(
            new Judgement(
                Verdict.VALID,
                List.of(
                    "2 of 100 requests failed; the first failed with: " + "x".repeat(200) + "…")));
  }

  private static RequestFinished failed(int ordinal, String error) {
    return request(ordinal, Outcome.HTTP_ERROR, 50, 20 * MILLI, error);
  }

  private Judgement judge(ClientHealth health, long schedule, long lost, boolean stopped) {
    return Judgement.of(
        requests, health, Thresholds.DEFAULT, schedule, lost, stopped, CacheEvidence.NONE);
  }

  private static void assertJudged(Judgement judgement, Verdict verdict, String reason) {
    assertThat(judgement.verdict()).isEqualTo(verdict);
    assertThat(judgement.reasons().getFirst()).contains(reason);
  }

  /** Requests that are due evenly over the schedule. */
  private void run(int count, Outcome outcome, IntUnaryOperator ttftMillis, long tpotNanos) {
    for (int ordinal = 0; ordinal < count; ordinal++) {
      requests.add(request(ordinal, outcome, ttftMillis.applyAsInt(ordinal), tpotNanos));
    }
  }

  private static RequestFinished request(
      int ordinal, Outcome outcome, long ttftMillis, long tpotNanos) {
    return request(ordinal, outcome, ttftMillis, tpotNanos, null);
  }

  private static RequestFinished request(
      int ordinal, Outcome outcome, long ttftMillis, long tpotNanos, @Nullable String error) {
    long due = ordinal * SCHEDULE / 100;
    long first = due + ttftMillis * MILLI;
    long last = first + 9 * tpotNanos;
    return RequestFinished.newBuilder()
        .setRun(1)
        .setOrdinal(ordinal)
        .setAt(last)
        .setOutcome(outcome)
        .setError(error)
        .setDueAt(due)
        .setSentAt(due)
        .setFirstContentAt(outcome == Outcome.OK ? first : null)
        .setLastContentAt(outcome == Outcome.OK ? last : null)
        .setOutputTokens(10)
        .setFinishReason("length")
        .setChunks(10)
        .setPhase(Phase.MEASURE)
        .setTimeoutNanos(1)
        .build();
  }
}
