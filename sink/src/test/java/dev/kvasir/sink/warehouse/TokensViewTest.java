package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.TokenReceived;
import dev.kvasir.metric.TokenMetrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensViewTest {

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyFieldOfAChunkComesBackHoweverItsRowsWereBatched(long seed) throws Exception {
    Random random = new Random(seed);
    List<TokenReceived> chunks = new ArrayList<>();
    for (long run : new long[] {7, 1_790_000_000_000_000L}) {
      SampleRuns.requests(run, 30, random).stream()
          .filter(TokenReceived.class::isInstance)
          .map(TokenReceived.class::cast)
          .forEach(chunks::add);
    }
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      List<TokenReceived> order = new ArrayList<>(chunks);
      order.sort(Comparator.comparingLong(TokenReceived::getAt));
      if (seed % 2 == 0) {
        Collections.shuffle(order, random);
      }
      for (int from = 0; from < order.size(); ) {
        int to = Math.min(order.size(), from + 1 + random.nextInt(200));
        warehouse.load(order.subList(from, to));
        from = to;
      }

      assertThat(tokens(warehouse)).isEqualTo(expected(chunks));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aChunkKeepsItsTimeAndGapWhereTheOneBeforeWasLost(long seed) throws Exception {
    Random random = new Random(seed);
    List<TokenReceived> chunks = new ArrayList<>();
    SampleRuns.requests(7, 30, random).stream()
        .filter(TokenReceived.class::isInstance)
        .map(TokenReceived.class::cast)
        .filter(_ -> random.nextInt(4) > 0)
        .forEach(chunks::add);
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      warehouse.load(new ArrayList<>(chunks));

      assertThat(tokens(warehouse)).isEqualTo(expected(chunks));
    }
  }

  private static List<List<Object>> tokens(WarehouseFixture warehouse) {
    return warehouse
        .query(
            """
            SELECT run, ordinal, index, at_ns, tokens, gap_ns, itl_token_ms, read_batch, flags,
              phase, reasoning
            FROM tokens ORDER BY run, ordinal, index
            """)
        .rows();
  }

  private static List<List<Object>> expected(List<TokenReceived> chunks) {
    List<List<Object>> rows = new ArrayList<>();
    chunks.stream()
        .sorted(
            Comparator.comparingLong(TokenReceived::getRun)
                .thenComparingInt(TokenReceived::getOrdinal)
                .thenComparingInt(TokenReceived::getIndex))
        .forEach(chunk -> {
          Long gap = chunk.getGapNanos();
          Integer tokens = chunk.getTokens();
          rows.add(
              Arrays.asList(
                  chunk.getRun(),
                  chunk.getOrdinal(),
                  chunk.getIndex(),
                  chunk.getAt(),
                  tokens,
                  gap,
                  gap == null || tokens == null ? null : gap / 1e6 / tokens,
                  chunk.getReadBatch(),
                  chunk.getFlags(),
                  TokenMetrics.phase(chunk).name(),
                  TokenMetrics.reasoning(chunk)));
        });
    return rows;
  }
}
