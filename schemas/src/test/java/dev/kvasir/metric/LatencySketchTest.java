package dev.kvasir.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LatencySketchTest {

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aPercentileIsTheElementAtItsRankWithinTheRelativeError(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = latencies(random, 1 + random.nextInt(5_000));
    LatencySketch sketch = new LatencySketch();
    Arrays.stream(values).forEach(sketch::add);
    Arrays.sort(values);

    for (double q : new double[] {0, 0.5, 0.9, 0.99, 1}) {
      assertThat(sketch.percentile(q).orElseThrow())
          .as("q=%s n=%d", q, values.length)
          .isCloseTo(
              Percentile.element(values, q).orElseThrow(), Percentage.withPercentage(0.5000001));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void mergedAndStoredSketchesAreTheSketchOfAllValues(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    LatencySketch whole = new LatencySketch();
    LatencySketch merged = new LatencySketch();
    for (int part = 0; part < 5; part++) {
      LatencySketch pane = new LatencySketch();
      for (double value : latencies(random, random.nextInt(200))) {
        pane.add(value);
        whole.add(value);
      }
      merged.merge(LatencySketch.fromBytes(pane.toBytes()));
    }

    assertThat(merged.count()).isEqualTo(whole.count());
    for (double q : new double[] {0.5, 0.9, 0.99}) {
      assertThat(merged.percentile(q)).isEqualTo(whole.percentile(q));
    }
  }

  @Test
  void countMeanAndExtremesAreExact() {
    LatencySketch sketch = new LatencySketch();
    for (double value : new double[] {1e6, 2e6, 6e6}) {
      sketch.add(value);
    }

    var summary = sketch.summary();

    assertThat(summary.getCount()).isEqualTo(3);
    assertThat(summary.getMeanNanos()).isCloseTo(3e6, within(1e-6));
    assertThat(summary.getMinNanos()).isEqualTo(1e6);
    assertThat(summary.getMaxNanos()).isEqualTo(6e6);
  }

  @Test
  void anEmptySketchHasNothingToSay() {
    assertThat(new LatencySketch().summary()).isNull();
    assertThat(new LatencySketch().percentile(0.5)).isEmpty();
    assertThatThrownBy(() -> LatencySketch.fromBytes(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("seeds", 20));
  }

  private static double[] latencies(SplittableRandom random, int n) {
    return random
        .doubles(n)
        .map(u -> Math.exp(16 + 2 * u) * (random.nextInt(100) == 0 ? 30 : 1))
        .toArray();
  }
}
