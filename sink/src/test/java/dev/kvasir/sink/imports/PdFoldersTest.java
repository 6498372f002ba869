package dev.kvasir.sink.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.sink.figure.Figure;
import dev.kvasir.sink.figure.FigureRequest;
import dev.kvasir.sink.figure.SloFigures;
import dev.kvasir.sink.question.BoundQuestion;
import dev.kvasir.sink.question.Questions;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.sink.warehouse.WarehouseFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three folders named as the prefill/decode scripts name them, ten requests at each of three rates,
 * and attainment that can be counted on one's fingers: a TTFT is good (100 ms) or bad (500 ms), and
 * so is a TPOT (50 or 150 ms); the limits are 200 and 100 ms, the target is 80 %.
 */
class PdFoldersTest {

  private static final FigureRequest.Limits SLO = new FigureRequest.Limits(200.0, 100.0, 0.8);
  private static final List<String> SUBJECTS =
      List.of("sharegpt/simple", "sharegpt/nixl", "sharegpt/lmcache");

  @TempDir static Path folder;
  private static WarehouseFixture warehouse;

  @BeforeAll
  static void load() throws Exception {
    Path results = folder.resolve("sharegpt");
    Path simple = results.resolve("simple_20260101_120000");
    write(simple, "0.5", "++++++++++", "++++++++++", false);
    write(simple, "1", "+++++++++-", "++++++++++", false);
    // The last request failed: its 0.0 is no first token, and no limit is met.
    write(simple, "2", "++++++---0", "+++++-++--", false);
    Path nixl = results.resolve("nixl_20260101_130000");
    write(nixl, "0.5", "++++++++++", "++++++++++", false);
    write(nixl, "1", "++++++++++", "++++++++++", false);
    write(nixl, "2", "+++++++---", "++++++++++", false);
    Path lmcache = results.resolve("lmcache_20260101_140000");
    write(lmcache, "0.5", "++++++++++", "++++++----", true);
    write(lmcache, "1", "++++++++++", "+++++-----", true);
    write(lmcache, "2", "++++++++++", "++++------", true);
    warehouse = new WarehouseFixture(folder.resolve("home"));
    ImportedFiles files = ImportedFiles.of(results);
    assertThat(files.problems).isEmpty();
    warehouse.load(files.events());
  }

  @AfterAll
  static void close() {
    warehouse.close();
  }

  private static void write(Path run, String rate, String ttft, String tpot, boolean withTpots)
      throws IOException {
    List<String> ttfts = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    List<String> tpots = new ArrayList<>();
    for (int i = 0; i < ttft.length(); i++) {
      boolean failed = ttft.charAt(i) == '0';
      String gap = tpot.charAt(i) == '+' ? "0.05" : "0.15";
      ttfts.add(failed ? "0.0" : ttft.charAt(i) == '+' ? "0.1" : "0.5");
      gaps.add(failed ? "[]" : "[%s, %s]".formatted(gap, gap));
      outputs.add(failed ? "0" : "3");
      errors.add(failed ? "\"Service Unavailable\"" : "\"\"");
      tpots.add(failed ? "0.0" : gap);
    }
    Files.createDirectories(run);
    String name = run.getFileName().toString();
    String date =
        name.substring(name.indexOf('_') + 1, name.length() - 4).replace('_', '-')
            + "%02d00".formatted((int) (10 * Double.parseDouble(rate)));
    Files.writeString(
        run.resolve("vllm-%sqps-Qwen3-0.6B-%s.json".formatted(rate, date)),
        """
        {"date": "%s", "backend": "vllm", "model_id": "Qwen/Qwen3-0.6B",
         "tokenizer_id": "Qwen/Qwen3-0.6B", "num_prompts": 10, "dataset_name": "sharegpt",
         "num_prefill_instances": "1", "num_decode_instances": "1", "duration": 20.0,
         "completed": 10, "input_lens": %s, "output_lens": %s, "ttfts": %s, "itls": %s,%s
         "generated_texts": %s, "errors": %s, "mean_ttft_ms": 1.0}
        """
            .formatted(
                date,
                array(Arrays.stream(new int[10]).mapToObj(_ -> "100").toList()),
                array(outputs),
                array(ttfts),
                array(gaps),
                withTpots ? " \"tpots\": " + array(tpots) + "," : "",
                array(outputs.stream().map(_ -> "\"a\"").toList()),
                array(errors)));
  }

  private static String array(List<String> items) {
    return items.stream().collect(Collectors.joining(", ", "[", "]"));
  }

  @Test
  void attainmentIsWhatIsCountedByHand() {
    assertThat(attainment(SloFigures.Type.BOTH))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "simple 0.5",
                100.0,
                "simple 1.0",
                90.0,
                "simple 2.0",
                50.0,
                "nixl 0.5",
                100.0,
                "nixl 1.0",
                100.0,
                "nixl 2.0",
                70.0,
                "lmcache 0.5",
                60.0,
                "lmcache 1.0",
                50.0,
                "lmcache 2.0",
                40.0));
    assertThat(attainment(SloFigures.Type.TTFT))
        .containsEntry("simple 2.0", 60.0)
        .containsEntry("lmcache 2.0", 100.0);
    assertThat(attainment(SloFigures.Type.TPOT))
        .containsEntry("simple 2.0", 70.0)
        .containsEntry("nixl 2.0", 100.0);
  }

  private static Map<String, Double> attainment(SloFigures.Type type) {
    Map<String, Double> found = new HashMap<>();
    QueryResult data = comparison(type).data();
    for (int i = 0; i < data.rows().size(); i++) {
      if ("rate".equals(data.column("axis").get(i))) {
        found.put(
            data.column("series").get(i) + " " + data.column("x").get(i),
            (Double) data.column("y").get(i));
      }
    }
    return found;
  }

  private static Figure comparison(SloFigures.Type type) {
    return new SloFigures(warehouse.reader())
        .comparison(new SloFigures.Order(SUBJECTS, SLO, true, false, null), type);
  }

  @Test
  void crossingsAreInterpolatedBetweenNeighbouringRates() {
    BoundQuestion goodput =
        Questions.named("goodput")
            .orElseThrow()
            .bind(
                Map.of(
                    "experiment",
                    "sharegpt",
                    "ttft_slo",
                    "200",
                    "tpot_slo",
                    "100",
                    "target",
                    "0.8"));
    QueryResult answer = warehouse.reader().query(goodput.sql(), goodput.values());

    List<Object> series = answer.column("series");
    assertThat(series).containsExactlyInAnyOrder("simple", "nixl", "lmcache");
    int simple = series.indexOf("simple");
    assertCrossing(answer, "rate", simple, 1.25);
    assertCrossing(answer, "rate_ttft", simple, 1 + 10 / 30.0);
    assertCrossing(answer, "rate_tpot", simple, 1 + 20 / 30.0);
    assertCrossing(answer, "rate", series.indexOf("nixl"), 1 + 20 / 30.0);
    assertThat(answer.column("rate").get(series.indexOf("lmcache"))).isNull();
    assertThat(answer.column("censored").get(series.indexOf("lmcache"))).isEqualTo("left");
  }

  private static void assertCrossing(QueryResult answer, String column, int row, double expected) {
    assertThat((Double) answer.column(column).get(row)).isCloseTo(expected, within(1e-9));
  }

  @Test
  void theFigureIsNamedAsTheScriptsNameItAndSaysTheSameCrossings() {
    Figure figure = comparison(SloFigures.Type.BOTH);

    assertThat(figure.name()).isEqualTo("simple_vs_nixl_vs_lmcache_comparison_both");
    assertThat(figure.caption())
        .contains("simple crosses the target at 1.25 requests/s")
        .contains("nixl crosses the target at 1.67 requests/s")
        .contains("lmcache crosses the target at no rate")
        .contains("(fewer than 3: read with care)")
        .doesNotContain("error bars");
  }
}
