package dev.kvasir.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The DeepSeek-R1 profile, whose constants were fitted to one campaign, against that campaign and
 * against an earlier one. Rows whose measured iterations vary by over 10 % are left out.
 */
class AgainstRealityTest {
  private static final double MOST_VARIATION = 0.1;
  private static final double TIE = 1.1;

  /** The later campaign's way to say that its disks had 100 GB of host memory in front. */
  private static final Map<String, String> HOST_MEMORY_FIRST =
      Map.of(
          "tiers.order",
          "cpu disk",
          "cpu.capacity",
          "100GB",
          "cpu.partial-chunks",
          "true",
          "cpu.write-buffer",
          "0B");

  @Test
  void theCampaignThatItWasFittedToIsMetWithinAThird() throws IOException {
    List<Fit.Row> rows =
        rows(
            source("0910/ds-20250910-083139-disk-400g.json", "lmcache-disk", "disk", "400Gb/s"),
            source("0910/ds-20250910-032537-disk-800g.json", "lmcache-disk", "disk", "800Gb/s"),
            source("0910/ds-20250909-165533-gds-400g.json", "lmcache-gds", "gds", "400Gb/s"),
            source("0910/ds-20250909-165533-gds-800g.json", "lmcache-gds", "gds", "800Gb/s"));

    print(rows);
    assertThat(rows).allSatisfy(row -> assertThat(factor(row)).isLessThan(1.28));
  }

  @Test
  void anEarlierCampaignIsPredictedWithinAFactorOfOneAndAHalfAtTheMedian() throws IOException {
    List<Fit.Row> rows =
        rows(
            source("0822/ds-0822-no-kvcache.json", "recompute", "disk", "400Gb/s"),
            source("0822/ds-0822-cpu.json", "lmcache-cpu", "disk", "400Gb/s"),
            withHostMemory("0822/ds-0822-arcc-disk-400g.json", "400Gb/s"),
            withHostMemory("0822/ds-0822-arcc-disk-800g.json", "800Gb/s"),
            source("0822/ds-0825-arcc-gds-400g.json", "lmcache-gds", "gds", "400Gb/s"));

    print(rows);
    double[] factors = rows.stream().mapToDouble(AgainstRealityTest::factor).sorted().toArray();
    double median = factors[factors.length / 2];
    System.out.printf("median factor %.2f of %d rows%n", median, factors.length);
    int[] cold = orderedPairs(rows.stream().filter(Fit.Row::cold).toList());
    int[] warm = orderedPairs(rows.stream().filter(row -> !row.cold()).toList());
    System.out.printf(
        "pairs of strategies that differ and are in the right order: warm %d of %d, cold %d of %d%n",
        warm[0], warm[1], cold[0], cold[1]);
    assertThat(median).isLessThanOrEqualTo(1.5);
    assertThat(warm[0]).isEqualTo(warm[1]);
    assertThat(cold[0]).isGreaterThanOrEqualTo(cold[1] - 2);
  }

  /** How many pairs of one length are in the right order, of those that differ as measured. */
  private static int[] orderedPairs(List<Fit.Row> rows) {
    int[] pairs = new int[2];
    for (Fit.Row a : rows) {
      for (Fit.Row b : rows) {
        boolean alike = a.inputTokens() == b.inputTokens();
        if (alike && a.measured() > b.measured() * TIE) {
          pairs[1]++;
          if (a.predicted() > b.predicted()) {
            pairs[0]++;
          } else {
            System.out.printf(
                "not in order at %d: %s %s, %s %s%n",
                a.inputTokens(), a.campaign(), state(a), b.campaign(), state(b));
          }
        }
      }
    }
    return pairs;
  }

  private static List<Fit.Row> rows(Fit.Source... sources) {
    return new Fit("deepseek-r1-h200", List.of(sources), 1_000)
        .rows(Map.of()).stream().filter(row -> row.variation() <= MOST_VARIATION).toList();
  }

  private static Fit.Source source(String file, String strategy, String medium, String link)
      throws IOException {
    Map<String, String> settings = new TreeMap<>();
    settings.put("strategy", strategy);
    settings.put("kv.prefix-cache", "false");
    settings.put(medium + ".link", link);
    return new Fit.Source(
        Campaign.read(ReferenceData.file("results/vllm-gds/benchmark_result_" + file)), settings);
  }

  private static Fit.Source withHostMemory(String file, String link) throws IOException {
    Fit.Source plain = source(file, "lmcache-disk", "disk", link);
    Map<String, String> settings = new TreeMap<>(plain.settings());
    settings.putAll(HOST_MEMORY_FIRST);
    return new Fit.Source(plain.campaign(), settings);
  }

  private static double factor(Fit.Row row) {
    return Math.max(row.ratio(), 1 / row.ratio());
  }

  private static String state(Fit.Row row) {
    return row.cold() ? "cold" : "warm";
  }

  private static void print(List<Fit.Row> rows) {
    List<String> lines = new ArrayList<>();
    for (Fit.Row row : rows) {
      lines.add(
          "%-34s %6d %s measured %8.3f s, predicted %8.3f s, ratio %.2f"
              .formatted(
                  row.campaign(),
                  row.inputTokens(),
                  state(row),
                  row.measured() / 1e3,
                  row.predicted() / 1e3,
                  row.ratio()));
    }
    lines.forEach(System.out::println);
  }
}
