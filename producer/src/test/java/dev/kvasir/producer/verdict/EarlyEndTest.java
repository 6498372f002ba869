package dev.kvasir.producer.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.StopRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyEndTest {

  private static final long SECOND = 1_000_000_000L;
  private static final StopRules ERRORS = new StopRules(0.1, null, false);
  private static final StopRules SATURATION = new StopRules(null, null, true);

  @Test
  void requests_that_fail_too_often_end_a_run_from_the_twentieth_on() {
    EarlyEnd end = new EarlyEnd(ERRORS, null);

    for (int i = 0; i < 19; i++) {
      assertThat(end.add(finished(i, Outcome.HTTP_ERROR, 0, 1))).isEmpty();
    }

    assertThat(end.add(finished(19, Outcome.OK, 0, 1)).orElse(""))
        .contains("19 of the last 20 requests failed, over the limit of 10.0 %");
  }

  @Test
  void only_the_last_hundred_requests_count() {
    EarlyEnd end = new EarlyEnd(ERRORS, null);
    for (int i = 0; i < 1000; i++) {
      assertThat(end.add(finished(i, Outcome.OK, 0, 1))).isEmpty();
    }
    for (int i = 0; i < 10; i++) {
      assertThat(end.add(finished(i, Outcome.TIMEOUT, 0, 1))).isEmpty();
    }

    assertThat(end.add(finished(0, Outcome.TIMEOUT, 0, 1)).orElse(""))
        .contains("11 of the last 100");
  }

  @Test
  void without_a_rule_nothing_ends_a_run() {
    EarlyEnd end = new EarlyEnd(StopRules.NONE, null);
    for (int i = 0; i < 500; i++) {
      assertThat(end.add(finished(i, Outcome.HTTP_ERROR, 0, 1))).isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void a_queue_that_grows_without_end_is_noticed(long seed) {
    Optional<String> reason = simulate(seed, 12, 10, Duration.ofMinutes(4));

    assertThat(reason.orElse("")).as("seed %d", seed).contains("over-saturated");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void a_server_that_keeps_up_is_left_alone(long seed) {
    assertThat(simulate(seed, 7, 10, Duration.ofMinutes(10))).as("seed %d", seed).isEmpty();
  }

  @Test
  void a_run_that_was_ended_early_is_overloaded_unless_something_is_worse() {
    assertThat(new Judgement(Verdict.VALID, List.of()).endedEarly("why"))
        .isEqualTo(new Judgement(Verdict.OVERLOADED, List.of("why")));
    assertThat(new Judgement(Verdict.CLIENT_LIMITED, List.of("lag")).endedEarly("why"))
        .isEqualTo(new Judgement(Verdict.CLIENT_LIMITED, List.of("why", "lag")));
  }

  /** A server that takes requests one by one, under Poisson arrivals. */
  private static Optional<String> simulate(
      long seed, double arrivalsPerSecond, double servedPerSecond, Duration length) {
    SplittableRandom random = new SplittableRandom(seed);
    PriorityQueue<SpecificRecord> events =
        new PriorityQueue<>(Comparator.comparingLong(EarlyEndTest::at));
    double due = 0;
    double free = 0;
    for (int i = 0; due < length.toSeconds(); i++) {
      due -= Math.log(1 - random.nextDouble()) / arrivalsPerSecond;
      free = Math.max(free, due) - Math.log(1 - random.nextDouble()) / servedPerSecond;
      events.add(sent(i, (long) (due * SECOND)));
      events.add(finished(i, Outcome.OK, (long) (due * SECOND), (long) (free * SECOND)));
    }
    EarlyEnd end = new EarlyEnd(SATURATION, null);
    List<SpecificRecord> inOrder = new ArrayList<>();
    while (!events.isEmpty()) {
      inOrder.add(events.remove());
    }
    return inOrder.stream().flatMap(event -> end.add(event).stream()).findFirst();
  }

  private static long at(SpecificRecord event) {
    return event instanceof RequestFinished end ? end.getAt() : ((RequestSent) event).getAt();
  }

  private static RequestSent sent(int ordinal, long at) {
    return RequestSent.newBuilder()
        .setRun(1)
        .setOrdinal(ordinal)
        .setAt(at)
        .setDueAt(at)
        .setPhase(Phase.MEASURE)
        .build();
  }

  private static RequestFinished finished(int ordinal, Outcome outcome, long due, long at) {
    return RequestFinished.newBuilder()
        .setRun(1)
        .setOrdinal(ordinal)
        .setAt(at)
        .setOutcome(outcome)
        .setDueAt(due)
        .setSentAt(due)
        .setFirstContentAt(outcome == Outcome.OK ? (Long) at : null)
        .setChunks(1)
        .setPhase(Phase.MEASURE)
        .setTimeoutNanos(1)
        .build();
  }
}
