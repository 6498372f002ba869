package dev.kvasir.app.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.Verdict;
import dev.kvasir.event.WindowMeasured;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunBoardTest {

  private static final long START = 1_800_000_000L;

  private final SyntheticRun run = SyntheticRun.named("tiers", 7, START);
  private final RunBoard board = new RunBoard(new RunBoard.Capacity(3, 2, 5));

  @Test
  void aRunIsListedOnceItsStartIsKnownAndKeepsTheWindowsThatCameBefore() {
    acceptAll(run.windowsAfter(1));

    assertThat(board.runs()).isEmpty();
    assertThat(board.run(7)).isEmpty();

    board.accept(run.started());

    assertThat(board.runs()).hasSize(1);
    assertThat(card().latest()).containsOnlyKeys(0, 1, 10, 60);
  }

  @Test
  void aLaterEventForAWindowReplacesTheEarlierOne() {
    board.accept(run.started());
    board.accept(run.windowsAfter(4).getFirst());
    WindowMeasured revised = run.slower(2).windowsAfter(4).getFirst();

    board.accept(revised);

    double p99 = revised.getTtft().getP99Nanos() / 1e6;
    assertThat(card().history(1))
        .singleElement()
        .satisfies(point -> assertThat(point.ttft().p99Millis()).isCloseTo(p99, within(1e-9)));
    assertThat(card().latest().get(1).ttft().p99Millis()).isCloseTo(p99, within(1e-9));
  }

  @Test
  void aWindowThatComesLateTakesItsPlaceInTimeAndIsNotTheLatest() {
    board.accept(run.started());
    board.accept(run.windowsAfter(3).getFirst());
    board.accept(run.windowsAfter(2).getFirst());

    assertThat(card().history(1))
        .extracting(WindowPoint::end)
        .containsExactly(START + 2, START + 3);
    assertThat(card().latest().get(1).end()).isEqualTo(START + 3);
  }

  @Test
  void onlyTheLastWindowsOfEachLengthAreKept() {
    board.accept(run.started());
    for (int second = 1; second <= 20; second++) {
      acceptAll(run.windowsAfter(second));
    }

    assertThat(card().history(1))
        .extracting(WindowPoint::end)
        .containsExactly(START + 16, START + 17, START + 18, START + 19, START + 20);
    assertThat(card().history(0)).hasSize(5);
  }

  @Test
  void theOldestRunsAreForgotten() {
    for (long number = 1; number <= 5; number++) {
      board.accept(SyntheticRun.named("tiers", number, START + number).started());
    }
    board.accept(SyntheticRun.named("tiers", 1, START).measuring());

    assertThat(board.runs()).extracting(RunCard::number).containsExactly(3L, 4L, 5L);
  }

  @Test
  void theRunThatWasMeasuredLongestAgoLosesItsHistoryAndKeepsItsLatestWindows() {
    for (long number = 1; number <= 3; number++) {
      SyntheticRun next = SyntheticRun.named("tiers", number, START);
      board.accept(next.started());
      acceptAll(next.windowsAfter(1));
    }

    assertThat(board.run(1).orElseThrow().history(1)).isEmpty();
    assertThat(board.run(1).orElseThrow().latest()).containsKey(1);
    assertThat(board.run(2).orElseThrow().history(1)).hasSize(1);
    assertThat(board.run(3).orElseThrow().history(1)).hasSize(1);
  }

  @Test
  void windowsAfterTheEndOfARunAreNotDrawnWhicheverCameFirst() {
    board.accept(run.started());
    board.accept(run.windowsAfter(SyntheticRun.SECONDS).getFirst());
    board.accept(run.windowsAfter(SyntheticRun.SECONDS + 2).getFirst());
    board.accept(run.finished(Verdict.VALID));
    board.accept(run.windowsAfter(SyntheticRun.SECONDS + 3).getFirst());

    assertThat(card().history(1))
        .extracting(WindowPoint::end)
        .containsExactly(START + SyntheticRun.SECONDS);
  }

  @Test
  void tokensPerSecondCountOnlyTheSecondsInWhichTheRunWasMeasured() {
    board.accept(run.started());
    board.accept(run.measuring());
    WindowMeasured beginning = run.windowsAfter(4).get(1);
    WindowMeasured middle = run.windowsAfter(40).get(1);

    board.accept(beginning);
    assertThat(card().tokensPerSecond(card().latest().get(10)))
        .isCloseTo(beginning.getTokens() / 4.0, within(1e-9));

    board.accept(middle);
    assertThat(card().tokensPerSecond(card().latest().get(10)))
        .isCloseTo(middle.getTokens() / 10.0, within(1e-9));
  }

  @Test
  void tokensPerSecondAreUnknownBeforeTheMeasurement() {
    board.accept(run.started());
    board.accept(run.measuring());
    board.accept(run.windowsAfter(0).get(1));

    assertThat(card().tokensPerSecond(card().latest().get(10))).isNull();
  }

  @Test
  void anAlertIsRaisedOnceAndStaysWhenItIsCleared() {
    board.accept(run.started());
    board.accept(run.alertRaised(3));
    board.accept(run.alertRaised(3));
    board.accept(run.alertCleared(8));

    assertThat(card().alerts())
        .singleElement()
        .satisfies(alert -> {
          assertThat(alert.rule()).isEqualTo("slow first token");
          assertThat(alert.clearedAt()).isEqualTo((START + 8) * 1_000_000_000L);
        });
  }

  @Test
  void aRetractionOverridesTheVerdict() {
    board.accept(run.started());
    board.accept(run.finished(Verdict.VALID));
    assertThat(card().verdict()).isEqualTo(Verdict.VALID);

    board.accept(new RunRetracted(7L, START * 1_000_000_000L, "wrong model"));

    assertThat(card().verdict()).isEqualTo(Verdict.RETRACTED);
    assertThat(card().retraction()).isEqualTo("wrong model");
  }

  @Test
  void aChangeIsTakenOnceWithTheWindowsThatChanged() {
    board.accept(run.started());
    acceptAll(run.windowsAfter(1));

    List<RunCard> changed = board.takeChanged();

    assertThat(changed).extracting(RunCard::number).containsExactly(7L);
    assertThat(changed.getFirst().takeChanged()).hasSize(4);
    assertThat(board.takeChanged()).isEmpty();
    assertThat(card().takeChanged()).isEmpty();
  }

  private RunCard card() {
    return board.run(7).orElseThrow();
  }

  private void acceptAll(List<WindowMeasured> windows) {
    windows.forEach(board::accept);
  }
}
