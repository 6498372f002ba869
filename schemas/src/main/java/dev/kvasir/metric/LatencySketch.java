package dev.kvasir.metric;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketchWithExactSummaryStatistics;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.mapping.CubicallyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import dev.kvasir.event.LatencySummary;
import java.io.IOException;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A mergeable summary of latencies, in nanoseconds: a DDSketch (Masson, Rim, Lee, VLDB 2019) that
 * answers the element at rank ⌊q(n−1)⌋ within 0.5 %, with exact count, sum, minimum and maximum.
 * Percentiles of merged sketches are those of all values together; they are never averaged. Owned
 * by one thread.
 */
public final class LatencySketch {

  /** Largest relative error of a percentile. */
  public static final double RELATIVE_ERROR = 0.005;

  private static final int MAX_BINS = 4096;

  private final DDSketchWithExactSummaryStatistics sketch;

  public LatencySketch() {
    this(
        new DDSketchWithExactSummaryStatistics(() ->
            new DDSketch(
                new CubicallyInterpolatedMapping(RELATIVE_ERROR), LatencySketch::newStore)));
  }

  private LatencySketch(DDSketchWithExactSummaryStatistics sketch) {
    this.sketch = sketch;
  }

  private static Store newStore() {
    return new CollapsingLowestDenseStore(MAX_BINS);
  }

  /** Adds one latency; a negative one, which two clocks can make, counts as zero. */
  public void add(double nanos) {
    sketch.accept(Math.max(0, nanos));
  }

  /** Adds every value of another sketch, which stays as it is. */
  public void merge(LatencySketch other) {
    sketch.mergeWith(other.sketch);
  }

  public long count() {
    return Math.round(sketch.getCount());
  }

  /** The element at rank ⌊q(n−1)⌋ within the relative error; empty for no values. */
  public OptionalDouble percentile(double q) {
    Percentile.requireQuantile(q);
    return sketch.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(sketch.getValueAtQuantile(q));
  }

  /** What a window shows of the values; null for none. */
  public @Nullable LatencySummary summary() {
    if (sketch.isEmpty()) {
      return null;
    }
    double[] values = sketch.getValuesAtQuantiles(new double[] {0.50, 0.90, 0.99});
    return new LatencySummary(
        count(),
        sketch.getSum() / sketch.getCount(),
        sketch.getMinValue(),
        values[0],
        values[1],
        values[2],
        sketch.getMaxValue());
  }

  /** The sketch in DDSketch's own encoding. */
  public byte[] toBytes() {
    GrowingByteArrayOutput out = GrowingByteArrayOutput.withDefaultInitialCapacity();
    try {
      sketch.encode(out, false);
    } catch (IOException e) {
      throw new IllegalStateException("a sketch could not be written to memory", e);
    }
    return out.trimmedCopy();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no sketch
   */
  public static LatencySketch fromBytes(byte[] bytes) {
    try {
      return new LatencySketch(
          DDSketchWithExactSummaryStatistics.decode(
              ByteArrayInput.wrap(bytes), LatencySketch::newStore));
    } catch (IOException e) {
      throw new IllegalArgumentException(bytes.length + " bytes are no latency sketch", e);
    }
  }
}
