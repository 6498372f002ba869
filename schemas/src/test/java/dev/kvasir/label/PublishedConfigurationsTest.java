package dev.kvasir.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Real launch arguments with the labels that their authors gave them. The derived labels agree with
 * the authors' words on every run, but for the exceptions below.
 */
class PublishedConfigurationsTest {

  private static final Path FILE =
      Path.of(System.getProperty("shared.data", "../../shared/data"))
          .resolve("results/strategy-configs/configs.csv");

  /** KV bytes per token of a model of 28 layers, 8 KV heads of 128 and 16 bits. */
  private static final String KV_BYTES = "114688";

  private record Configuration(
      String label, String arguments, String environment, String routing, int runs) {

    Map<String, String> derived() {
      return StrategyLabels.derive(
          LaunchFacts.ofText(
              "vllm",
              arguments,
              environment,
              Map.of("routing_index", routing, "kv-bytes-per-token", KV_BYTES)));
    }

    /** Medium and connector, read from the author's label word by word. */
    String said() {
      String word = label.replaceFirst("-(\\d+k(cpu)?(-patched\\d)?)$", "");
      return switch (word) {
        case "no-offload" -> "hbm none";
        case "native-offload" -> "cpu Offloading";
        case "fs-offload" -> "fs Offloading(fs)";
        case "cpu+fs-offload" -> "cpu+fs cpu+fs";
        case "lmcache-local" -> "cpu LMCacheV1";
        case "lmcache-redis" -> "redis LMCacheV1";
        case "lmcache-valkey" -> "valkey LMCacheV1";
        case "llm-d-redis" -> "redis llm-d";
        case "llm-d-valkey" -> "valkey llm-d";
        default -> throw new IllegalStateException("the label " + label + " is new");
      };
    }

    String found() {
      return derived().get("medium") + " " + derived().get("connector");
    }
  }

  @Test
  void authors_and_rules_agree_but_for_three_kinds_of_run() throws IOException {
    Map<String, Integer> exceptions = new TreeMap<>();
    int agreed = 0;
    List<Configuration> all = read();
    for (Configuration each : all) {
      if (each.said().equals(each.found())) {
        agreed += each.runs();
      } else {
        exceptions.merge(each.said() + " -> " + each.found(), each.runs(), Integer::sum);
      }
    }

    assertThat(exceptions)
        .isEqualTo(
            Map.of(
                // Two connectors in one are a Multi of both, and the label names only the media.
                "cpu+fs cpu+fs -> cpu+fs Multi[Offloading,Offloading(fs)]",
                95,
                // Redis holds the router's index; no engine has a connector.
                "redis llm-d -> hbm none",
                32,
                // LMCache's host memory is on unless switched off, before any remote store.
                "redis LMCacheV1 -> cpu+redis LMCacheV1",
                32,
                "valkey LMCacheV1 -> cpu+valkey LMCacheV1",
                104));
    assertThat(agreed + exceptions.values().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(all.stream().mapToInt(Configuration::runs).sum());
  }

  @Test
  void lmcache_that_only_the_environment_shows_is_found() throws IOException {
    List<Configuration> hidden =
        read().stream()
            .filter(each -> each.environment().contains("LMCACHE_") && each.arguments().isEmpty())
            .toList();

    assertThat(hidden.stream().mapToInt(Configuration::runs).sum()).isEqualTo(56);
    assertThat(hidden)
        .allSatisfy(each -> assertThat(each.derived()).containsEntry("connector", "LMCacheV1"));
  }

  @Test
  void a_routers_index_is_a_label_of_its_own() throws IOException {
    assertThat(read())
        .allSatisfy(
            each -> assertThat(each.derived()).containsEntry("routing_index", each.routing()));
  }

  @Test
  void one_label_hides_several_capacities_and_all_of_them_are_bytes() throws IOException {
    Map<String, Set<Long>> bytes = new LinkedHashMap<>();
    for (Configuration each : read()) {
      String capacity = each.derived().get("host_dram_bytes");
      if (capacity != null) {
        bytes.computeIfAbsent(each.label(), _ -> new TreeSet<>()).add(Long.valueOf(capacity));
      }
    }

    assertThat(bytes.get("native-offload-20k"))
        .containsExactly(20_000L * 16 * 114_688, 44_195_213_475L, 57_616_986_275L);
    assertThat(bytes.get("native-offload-20kcpu")).containsExactly(20_000L * 16 * 114_688);
    assertThat(bytes.get("native-offload-10k")).containsExactly(22_097_606_737L, 28_808_493_137L);
    assertThat(bytes.get("lmcache-local-20kcpu")).containsExactly(20L << 30, 58L << 30);
    assertThat(bytes.get("lmcache-valkey")).containsExactly(5L << 30);
  }

  private static List<Configuration> read() throws IOException {
    if (!Files.exists(FILE)) {
      System.out.println("skipped: published configurations are not at " + FILE.toAbsolutePath());
    }
    Assumptions.assumeTrue(Files.exists(FILE));
    List<Configuration> configurations = new ArrayList<>();
    List<String> lines = Files.readAllLines(FILE);
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      configurations.add(
          new Configuration(
              cells.get(0),
              cells.get(1),
              cells.get(2),
              cells.get(3),
              Integer.parseInt(cells.get(4))));
    }
    return configurations;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char next = line.charAt(i);
      if (quoted && next == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (next == '"') {
        quoted = !quoted;
      } else if (next == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(next);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
