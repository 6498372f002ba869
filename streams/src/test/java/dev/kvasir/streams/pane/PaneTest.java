package dev.kvasir.streams.pane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.streams.pane.Pane.Counter;
import dev.kvasir.streams.pane.Pane.Latency;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaneTest {

  @Test
  void aPaneSurvivesTheRoundTrip() {
    Pane pane = random(1);

    Pane read = Pane.fromBytes(pane.toBytes());

    assertSame(read, pane);
    assertThat(read.toBytes()).isEqualTo(pane.toBytes());
  }

  @Test
  void anEmptyPaneIsSmallAndHasNoLatencies() {
    byte[] bytes = new Pane().toBytes();

    assertThat(bytes).hasSizeLessThan(20);
    assertThat(Pane.fromBytes(bytes).sketch(Latency.TTFT)).isNull();
  }

  @Test
  void mergedPanesAreOnePaneOfAllValues() {
    Pane merged = random(2);
    Pane other = random(3);
    long itls = merged.sketch(Latency.ITL).count() + other.sketch(Latency.ITL).count();
    long inFlight = merged.count(Counter.IN_FLIGHT) + other.count(Counter.IN_FLIGHT);
    byte[] before = other.toBytes();

    merged.merge(other);

    assertThat(merged.sketch(Latency.ITL).count()).isEqualTo(itls);
    assertThat(merged.count(Counter.IN_FLIGHT)).isEqualTo(inFlight);
    assertThat(other.toBytes()).isEqualTo(before);
  }

  @Test
  void whatIsNoPaneIsRefused() {
    byte[] whole = random(4).toBytes();
    byte[] otherVersion = whole.clone();
    otherVersion[0] = 9;

    assertThatThrownBy(() -> Pane.fromBytes(otherVersion))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 9");
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Pane.fromBytes(part)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Pane random(long seed) {
    Random random = new Random(seed);
    Pane pane = new Pane();
    for (Counter counter : Counter.values()) {
      pane.count(counter, random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L));
    }
    for (int i = 0; i < 1000; i++) {
      pane.time(Latency.ITL, random.nextDouble() * 1e9);
    }
    pane.time(Latency.TTFT, 5e8);
    return pane;
  }

  private static void assertSame(Pane found, Pane expected) {
    for (Counter counter : Counter.values()) {
      assertThat(found.count(counter)).as(counter.name()).isEqualTo(expected.count(counter));
    }
    for (Latency latency : Latency.values()) {
      var sketch = expected.sketch(latency);
      assertThat(found.sketch(latency) == null).as(latency.name()).isEqualTo(sketch == null);
      if (sketch != null) {
        assertThat(found.sketch(latency).summary()).isEqualTo(sketch.summary());
      }
    }
  }
}
