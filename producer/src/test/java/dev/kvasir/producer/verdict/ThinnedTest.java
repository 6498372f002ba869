package dev.kvasir.producer.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinnedTest {

  private static final int MOST = 65_536;

  @Test
  void everyValueIsKeptUpToALimit() {
    Thinned thinned = of(MOST);

    assertThat(thinned.all().toArray()).isEqualTo(values(MOST, 1));
  }

  @Test
  void aboveItEverySoManyThIsKeptFromTheFirstOnAndNeverMore() {
    assertThat(of(MOST + 1).all().toArray()).isEqualTo(values(MOST + 1, 7));
    assertThat(of(7 * MOST).all().toArray()).isEqualTo(values(7 * MOST, 7));
    assertThat(of(7 * MOST + 1).all().toArray()).isEqualTo(values(7 * MOST + 1, 49));
  }

  @Test
  void theOrderOfArrivalDoesNotMatter() {
    Thinned backwards = new Thinned();
    for (int ordinal = 3 * MOST - 1; ordinal >= 0; ordinal--) {
      backwards.put(ordinal, ordinal);
    }

    assertThat(backwards.all().toArray()).isEqualTo(of(3 * MOST).all().toArray());
  }

  @Test
  void quartersAreOfRequestsWithAndWithoutAValue() {
    Thinned thinned = new Thinned();
    thinned.put(0, 1);
    thinned.put(7, 2);

    assertThat(thinned.firstQuarter().toArray()).containsExactly(1, Double.NaN);
    assertThat(thinned.lastQuarter().toArray()).containsExactly(Double.NaN, 2);
  }

  private static Thinned of(int requests) {
    Thinned thinned = new Thinned();
    for (int ordinal = 0; ordinal < requests; ordinal++) {
      thinned.put(ordinal, ordinal);
    }
    return thinned;
  }

  private static double[] values(int requests, int step) {
    return Arrays.stream(IntStream.range(0, Math.ceilDiv(requests, step)).toArray())
        .mapToDouble(index -> (double) index * step)
        .toArray();
  }
}
