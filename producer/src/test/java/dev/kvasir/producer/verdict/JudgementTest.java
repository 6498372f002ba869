package dev.kvasir.producer.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.Thresholds;
import dev.kvasir.producer.verdict.CacheEvidence.Expected;
import java.time.Duration;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({"500, 1", "2, 1", "5000, 10"})
  void lengthsThatNoChunksSupportAreImplausible(int tokens, int chunks) {
    for (int ordinal = 0; ordinal < 100; ordinal++) {
      requests.add(ordinal < 49 ? claiming(ordinal, 10, 10) : claiming(ordinal, tokens, chunks));
    }

    assertThat(judge(WELL, SCHEDULE, 0, false).verdict()).isEqualTo(Verdict.IMPLAUSIBLE);
    assertThat(judge(WELL, SCHEDULE, 0, false).reasons())
        .contains(
            "51 of 100 answers claim more tokens than their chunks can have brought: more than one"
                + " in a single chunk, or over 100 in each");
  }

  @Test
  void chunksOfSeveralTokensAndAnswersOfOneArePlausible() {
    for (int ordinal = 0; ordinal < 100; ordinal++) {
      requests.add(ordinal < 49 ? claiming(ordinal, 500, 10) : claiming(ordinal, 1, 1));
    }

    assertThat(judge(WELL, SCHEDULE, 0, false).verdict()).isEqualTo(Verdict.VALID);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        // name | tokens of the longest | ns a token | every so many ms | cached of each |
        // implausible
        "prompts that take nothing                    | 4000 | 0   | 100 | 0  | true",
        "a template in the cache                      | 4000 | 0   | 100 | 48 | true",
        "prompts that a fast server computes          | 4000 | 900 | 100 | 0  | false",
        "prompts that a cache holds                   | 4000 | 0   | 100 | 90 | false",
        "short prompts                                | 1000 | 0   | 100 | 0  | false",
        "prompts that wait for each other             | 4000 | 0   | 10  | 0  | false"
      })
  void aFirstTokenThatDoesNotDependOnThePromptIsImplausible(
      String name, int longest, long perToken, long every, int cached, boolean implausible) {
    for (int ordinal = 0; ordinal < 200; ordinal++) {
      int tokens = 100 + ordinal * 37 % 10 * (longest - 100) / 9;
      long sent = ordinal * every * MILLI;
      long first = sent + 20 * MILLI + ordinal * 7919 % 100_000 + tokens * perToken;
      requests.add(
          ending(ordinal, Outcome.OK, 0, 20 * MILLI)
              .setSentAt(sent)
              .setFirstContentAt(first)
              .setLastContentAt(first + 9 * 20 * MILLI)
              .setInputTokens(tokens)
              .setCachedTokens(cached)
              .build());
    }

    Judgement judgement = judge(WELL, 0, 0, false);

    assertThat(judgement.verdict())
        .as(judgement.reasons().toString())
        .isEqualTo(implausible ? Verdict.IMPLAUSIBLE : Verdict.VALID);
    assertThat(judgement.reasons().stream().anyMatch(each -> each.contains("depend on the prompt")))
        .isEqualTo(implausible);
  }

  @Test
  void whatAServerDoesNotSayOfItsCacheIsTakenFromWhatItWasSent() {
    for (int ordinal = 0; ordinal < 200; ordinal++) {
      requests.add(
          ending(ordinal, Outcome.OK, 20, 20 * MILLI)
              .setInputTokens(ordinal % 2 == 0 ? 100 : 4000)
              .build());
    }
    CacheEvidence fresh = new CacheEvidence(Expected.OPEN, 200, 410_000, 0, 0, 0);
    CacheEvidence sessions = new CacheEvidence(Expected.OPEN, 200, 410_000, 0, 300_000, 0);

    assertThat(judge(fresh).verdict()).isEqualTo(Verdict.IMPLAUSIBLE);
    assertThat(judge(sessions).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(CacheEvidence.NONE).verdict()).isEqualTo(Verdict.VALID);
  }

  private Judgement judge(CacheEvidence cache) {
    return Judgement.of(requests, WELL, Thresholds.DEFAULT, 0, 0, false, cache);
  }

  private static RequestFinished claiming(int ordinal, int tokens, int chunks) {
    return ending(ordinal, Outcome.OK, 50, 20 * MILLI)
        .setOutputTokens(tokens)
        .setChunks(chunks)
        .build();
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
                    second, 0, second >= 3 && second != 5 ? 12 * MILLI : 0, 0, 0, 0.5, 0, null))
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
            new ClientSecond(0, 0, 0, 0, 0, 0.5, 0, 0L),
            new ClientSecond(1, 0, 12 * MILLI, 0, 0, 0.5, 0, 0L));

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
            .mapToObj(
                second -> new ClientSecond(second, 0, 0, 0, 0, second < 4 ? 0.97 : 0.2, 9, 0L))
            .toList();

    assertJudged(
        judge(new ClientHealth(0, 0, 0, 0, seconds), SCHEDULE, 0, false),
        Verdict.CLIENT_LIMITED,
        "an event loop's share of a processor is 97%, over the limit of 90% in seconds 0-3 of 40");
  }

  @Test
  void aClientThatLeavesAnswersUnreadLimitedTheRun() {
    run(100, Outcome.OK, ordinal -> 50, 20 * MILLI);
    List<ClientSecond> seconds =
        IntStream.range(0, 40)
            .mapToObj(second ->
                new ClientSecond(second, 0, 0, 0, 0, 0.2, 9, second < 4 ? 3_000_000L : 500L))
            .toList();

    assertJudged(
        judge(new ClientHealth(0, 0, 0, 0, seconds), SCHEDULE, 0, false),
        Verdict.CLIENT_LIMITED,
        "bytes that wait unread in the sockets to the server is 3000000, over the limit of 1048576"
            + " in seconds 0-3 of 40");
    assertJudged(
        judge(new ClientHealth(0, 0, 0, 0, seconds.subList(3, 40)), SCHEDULE, 0, false),
        Verdict.VALID,
        "exceeds 1048576 in second 3 of 37");
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
    return ending(ordinal, outcome, ttftMillis, tpotNanos).setError(error).build();
  }

  private static RequestFinished.Builder ending(
      int ordinal, Outcome outcome, long ttftMillis, long tpotNanos) {
    long due = ordinal * SCHEDULE / 100;
    long first = due + ttftMillis * MILLI;
    long last = first + 9 * tpotNanos;
    return RequestFinished.newBuilder()
        .setRun(1)
        .setOrdinal(ordinal)
        .setAt(last)
        .setOutcome(outcome)
        .setDueAt(due)
        .setSentAt(due)
        .setFirstContentAt(outcome == Outcome.OK ? first : null)
        .setLastContentAt(outcome == Outcome.OK ? last : null)
        .setOutputTokens(10)
        .setFinishReason("length")
        .setChunks(10)
        .setPhase(Phase.MEASURE)
        .setTimeoutNanos(1);
  }
}
