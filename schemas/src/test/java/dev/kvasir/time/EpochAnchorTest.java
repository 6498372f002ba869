package dev.kvasir.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EpochAnchorTest {

  @Test
  void theTightestPairingIsKept() {
    AtomicLong monotonic = new AtomicLong();
    long[] cost = {50, 4, 80};
    AtomicLong reading = new AtomicLong();
    Ticker ticker =
        () -> monotonic.addAndGet(cost[(int) (reading.getAndIncrement() / 2 % cost.length)]);
    WallClock wall = () -> 1_000_000 + monotonic.get();

    EpochAnchor anchor = EpochAnchor.measure(ticker, wall);

    assertThat(anchor.errorNanos()).isEqualTo(2);
    assertThat(anchor.epochAt(anchor.monotonicNanos())).isEqualTo(anchor.epochNanos());
  }

  @Test
  void differencesOfEpochTimesAreDurationsOfTheMonotonicClock() {
    EpochAnchor anchor = new EpochAnchor(1_700_000_000_000_000_000L, 42, 1);

    assertThat(anchor.epochAt(1_042) - anchor.epochAt(42)).isEqualTo(1_000);
    assertThat(anchor.monotonicAt(anchor.epochAt(77))).isEqualTo(77);
  }

  @Test
  void aStepOfTheWallClockIsSeenAsDrift() {
    AtomicLong wall = new AtomicLong(5_000);
    Ticker still = () -> 100;
    EpochAnchor anchor = EpochAnchor.measure(still, wall::get);

    wall.addAndGet(20_000_000);

    assertThat(anchor.wallDriftNanos(still, wall::get)).isEqualTo(20_000_000);
  }

  @Test
  void aPauseBetweenReadingTheClocksIsNoDrift() {
    AtomicLong time = new AtomicLong(5_000);
    AtomicLong reading = new AtomicLong();
    WallClock wall = time::get;
    EpochAnchor anchor = EpochAnchor.measure(time::get, wall);

    Ticker paused = () -> reading.incrementAndGet() == 2 ? time.addAndGet(50_000_000) : time.get();

    assertThat(anchor.wallDriftNanos(paused, wall)).isZero();
  }

  @Test
  void theMachinesClocksAgree() {
    EpochAnchor anchor = EpochAnchor.measure(Ticker.system(), WallClock.system());

    assertThat(anchor.errorNanos()).isNotNegative();
    assertThat(anchor.epochNanos()).isGreaterThan(1_700_000_000_000_000_000L);
  }
}
