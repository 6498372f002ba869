package dev.kvasir.producer.client;

import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.Gaps;
import dev.kvasir.producer.arrival.RateCurve;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.arrival.Timing;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions, users who think, bursts and lengths of time, over real connections. */
class PacingTest {

  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Ticker TICKER = Ticker.system();
  private static final long MILLI = 1_000_000L;

  private LoadClient client;
  private ScriptedServer server;

  @BeforeEach
  void open() {
    client = LoadClient.open(TICKER);
    server = ScriptedServer.start((request, out) -> write(out, good(2)));
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void aLaterTurnIsDueWhenTheOneBeforeHasEndedAndItsPauseHasPassed() {
    List<Prompt> prompts =
        List.of(turn(7, 0), turn(9, 0), turn(7, 1), turn(9, 1), turn(7, 2), single());
    List<Long> pauses = List.of(0L, 0L, 30 * MILLI, 10 * MILLI, 20 * MILLI, 0L);
    Schedule starts = Schedule.at(List.of(0L, 5 * MILLI, 10 * MILLI));
    long zero = TICKER.nanos();

    Map<Integer, RequestFinished> ends =
        byOrdinal(drive(prompts, new Pace.Open(starts, zero, null, pauses::get, false)));

    assertThat(ends).hasSize(6);
    assertThat(ends.get(0).getDueAt()).isEqualTo(DrivenPhase.ANCHOR.epochAt(zero));
    assertThat(ends.get(1).getDueAt()).isEqualTo(DrivenPhase.ANCHOR.epochAt(zero + 5 * MILLI));
    assertThat(ends.get(5).getDueAt()).isEqualTo(DrivenPhase.ANCHOR.epochAt(zero + 10 * MILLI));
    assertThat(pauseBetween(ends, 0, 2)).isGreaterThanOrEqualTo(30 * MILLI);
    assertThat(pauseBetween(ends, 1, 3)).isGreaterThanOrEqualTo(10 * MILLI);
    assertThat(pauseBetween(ends, 2, 4)).isGreaterThanOrEqualTo(20 * MILLI);
  }

  @Test
  void everyTurnOfATraceLeavesAtItsOwnTime() {
    List<Prompt> prompts = List.of(turn(1, 0), turn(1, 1), turn(1, 2));
    Schedule times = Schedule.at(List.of(0L, 0L, 2 * MILLI));
    long zero = TICKER.nanos();

    Map<Integer, RequestFinished> ends =
        byOrdinal(drive(prompts, new Pace.Open(times, zero, null)));

    assertThat(ends.values().stream().map(RequestFinished::getDueAt).toList())
        .containsExactly(
            DrivenPhase.ANCHOR.epochAt(zero),
            DrivenPhase.ANCHOR.epochAt(zero),
            DrivenPhase.ANCHOR.epochAt(zero + 2 * MILLI));
  }

  @Test
  void anEndlessScheduleSendsItsSessionsOverAndOver() {
    List<Prompt> prompts = List.of(turn(0, 0), turn(0, 1), single());
    Schedule times = Schedule.at(List.of(0L, 0L, MILLI, MILLI, 2 * MILLI));
    long zero = TICKER.nanos();

    Map<Integer, RequestFinished> ends =
        byOrdinal(drive(prompts, new Pace.Open(times, zero, null, Pauses.NONE, true)));

    assertThat(ends.keySet()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(ends.get(6).getDueAt()).isEqualTo(DrivenPhase.ANCHOR.epochAt(zero + 2 * MILLI));
  }

  @Test
  void aUserGoesThroughOneSessionAfterTheOther() {
    List<Prompt> prompts =
        List.of(turn(0, 0), turn(1, 0), turn(0, 1), turn(1, 1), turn(2, 0), turn(2, 1));

    DrivenPhase phase = drive(prompts, new Pace.Closed(1));

    assertThat(bySending(phase))
        .extracting(RequestSent::getOrdinal)
        .containsExactly(0, 2, 1, 3, 4, 5);
  }

  @Test
  void aUserThinksBeforeTheNextRequest() {
    Pace.Closed pace = new Pace.Closed(2, index -> 20 * MILLI, null, null);

    DrivenPhase phase = drive(singles(6), pace);

    List<RequestFinished> ends =
        phase.finished().stream().sorted(Comparator.comparing(RequestFinished::getDueAt)).toList();
    assertThat(ends).hasSize(6);
    assertThat(ends.get(4).getDueAt() - ends.get(0).getAt()).isGreaterThanOrEqualTo(40 * MILLI);
  }

  @Test
  void usersWithARateAreKeptApartThoughTheyAreFree() {
    Gaps gaps =
        Gaps.of(new Timing.Rated(new ArrivalProcess.Constant(), new RateCurve.Fixed(100)), 1);

    DrivenPhase phase = drive(singles(8), new Pace.Closed(4, Pauses.NONE, gaps, null));

    long[] due = phase.finished().stream().mapToLong(RequestFinished::getDueAt).sorted().toArray();
    assertThat(due).hasSize(8);
    for (int i = 1; i < due.length; i++) {
      assertThat(due[i] - due[i - 1]).isGreaterThanOrEqualTo(10 * MILLI);
    }
  }

  @Test
  void usersGoOnOverAndOverUntilTheTimeIsUp() {
    List<Prompt> prompts = List.of(turn(0, 0), turn(0, 1), single());
    AtomicLong now = new AtomicLong();
    DrivenPhase phase;
    try (LoadClient timed = LoadClient.open(now::get);
        ScriptedServer slow =
            ScriptedServer.start((request, out) -> {
              now.addAndGet(20 * MILLI);
              write(out, good(2));
            })) {
      phase =
          DrivenPhase.start(
              timed,
              slow.url(),
              prompts,
              new Pace.Closed(2, Pauses.NONE, null, 300 * MILLI),
              PATIENT);
      phase.await();
    }

    List<RequestSent> sent = bySending(phase);
    assertThat(sent.size()).isGreaterThan(6);
    assertThat(phase.finished(Outcome.OK)).hasSameSizeAs(sent);
    assertThat(sent).extracting(RequestSent::getOrdinal).doesNotHaveDuplicates();
    assertThat(sent.stream().filter(each -> each.getSession() != null))
        .extracting(each -> each.getSession() + "." + each.getTurn())
        .as("a session that is played again is another one")
        .doesNotHaveDuplicates();
    assertThat(sent.getLast().getDueAt() - sent.getFirst().getDueAt())
        .isLessThanOrEqualTo(300 * MILLI);
  }

  @Test
  void aRoundBeginsWhenTheOneBeforeHasBeenAnswered() {
    DrivenPhase phase = drive(singles(10), new Pace.Bursts(4, Pauses.NONE));

    Map<Long, List<RequestFinished>> rounds =
        phase.finished().stream().collect(Collectors.groupingBy(RequestFinished::getDueAt));
    List<Long> starts = rounds.keySet().stream().sorted().toList();
    assertThat(starts).hasSize(3);
    assertThat(starts.stream().map(start -> ordinals(rounds.get(start))).toList())
        .containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7), List.of(8, 9));
    for (int round = 1; round < starts.size(); round++) {
      assertThat(rounds.get(starts.get(round - 1)))
          .extracting(RequestFinished::getAt)
          .allMatch(isAtMost(starts.get(round)));
    }
  }

  @Test
  void aPlaceOfABurstTakesTurnAfterTurnOfASession() {
    List<Prompt> prompts =
        List.of(turn(0, 0), turn(0, 1), turn(0, 2), turn(1, 0), turn(1, 1), single());

    DrivenPhase phase = drive(prompts, new Pace.Bursts(2, index -> 5 * MILLI));

    Map<Long, List<RequestFinished>> rounds =
        phase.finished().stream().collect(Collectors.groupingBy(RequestFinished::getDueAt));
    assertThat(rounds.keySet().stream().sorted().map(start -> ordinals(rounds.get(start))).toList())
        .containsExactly(List.of(0, 3), List.of(1, 4), List.of(2, 5));
  }

  @Test
  void aStoppedPhaseNamesTheTurnsThatNoAnswerMadeDue() throws InterruptedException {
    DrivenPhase phase = stopped(false);

    assertThat(ordinals(phase.finished(Outcome.ABORTED))).containsExactly(0);
    assertThat(ordinals(phase.finished(Outcome.NOT_SENT))).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aStoppedEndlessPhaseLeavesOutWhatWasNotDueYet() throws InterruptedException {
    DrivenPhase phase = stopped(true);

    assertThat(ordinals(phase.finished())).containsExactly(0);
    assertThat(phase.finished(Outcome.ABORTED)).hasSize(1);
  }

  /** Stops two sessions of which the first has sent its first turn and the second is due later. */
  private DrivenPhase stopped(boolean endless) throws InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    List<Prompt> prompts = List.of(turn(0, 0), turn(0, 1), turn(1, 0), turn(1, 1), turn(1, 2));
    Schedule starts = Schedule.at(List.of(0L, Duration.ofHours(1).toNanos()));
    Pace pace = new Pace.Open(starts, TICKER.nanos(), null, Pauses.NONE, endless);
    try (ScriptedServer silent =
        ScriptedServer.start((request, out) -> {
          arrived.countDown();
          new CountDownLatch(1).await();
        })) {
      DrivenPhase phase = DrivenPhase.start(client, silent.url(), prompts, pace, PATIENT);
      assertThat(arrived.await(1, TimeUnit.MINUTES)).isTrue();

      client.stop();
      phase.await();
      return phase;
    }
  }

  private static java.util.function.Predicate<Long> isAtMost(long limit) {
    return at -> at <= limit;
  }

  private DrivenPhase drive(List<Prompt> prompts, Pace pace) {
    DrivenPhase phase = DrivenPhase.start(client, server.url(), prompts, pace, PATIENT);
    phase.await();
    return phase;
  }

  private static long pauseBetween(Map<Integer, RequestFinished> ends, int before, int after) {
    return ends.get(after).getDueAt() - ends.get(before).getAt();
  }

  private static Map<Integer, RequestFinished> byOrdinal(DrivenPhase phase) {
    return phase.finished().stream()
        .collect(Collectors.toMap(RequestFinished::getOrdinal, Function.identity()));
  }

  private static List<RequestSent> bySending(DrivenPhase phase) {
    return phase.sent().stream().sorted(Comparator.comparing(RequestSent::getAt)).toList();
  }

  private static List<Integer> ordinals(List<RequestFinished> ends) {
    List<Integer> ordinals =
        new ArrayList<>(ends.stream().map(RequestFinished::getOrdinal).toList());
    ordinals.sort(null);
    return ordinals;
  }

  private static List<Prompt> singles(int count) {
    return IntStream.range(0, count).mapToObj(i -> single()).toList();
  }

  private static Prompt single() {
    return prompt(null, null);
  }

  private static Prompt turn(int session, int turn) {
    return prompt(session, turn);
  }

  private static Prompt prompt(@Nullable Integer session, @Nullable Integer turn) {
    return new Prompt(List.of(new Message("user", "hi")), 1, 8, session, turn, null);
  }
}
