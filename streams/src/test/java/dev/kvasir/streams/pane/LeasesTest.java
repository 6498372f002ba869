package dev.kvasir.streams.pane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeasesTest {

  private final Leases leases = new Leases();

  @Test
  void aRunThatNobodySharesCounts() {
    assertThat(leases.counts(5, 0)).isTrue();
    assertThat(leases.counts(5, 1)).isTrue();
    assertThat(leases.ordinals()).isEmpty();
  }

  @Test
  void whatALowerEpochSaysAfterATakeoverDoesNotCount() {
    assertThat(leases.counts(5, 1)).isTrue();
    assertThat(leases.counts(5, 2)).isTrue();

    assertThat(leases.counts(5, 1)).isFalse();
    assertThat(leases.counts(5, 2)).isTrue();
    assertThat(leases.counts(6, 1)).as("a request that was not taken over").isTrue();
  }

  @Test
  void aRestoredTakeoverStillStands() {
    leases.counts(5, 3);
    Map<Integer, byte[]> saved = new HashMap<>();
    leases.save(saved::put);

    Leases restored = new Leases();
    saved.forEach(restored::restore);

    assertThat(restored.counts(5, 2)).isFalse();
    assertThat(restored.counts(5, 3)).isTrue();
  }
}
