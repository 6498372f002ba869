package dev.kvasir.sink.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.sink.warehouse.PaperRuns;
import dev.kvasir.sink.warehouse.WarehouseFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every figure, over made-up runs. */
class FiguresTest {

  @TempDir static Path folder;
  private static WarehouseFixture warehouse;
  private static Figures figures;

  @BeforeAll
  static void fill() throws Exception {
    warehouse = new WarehouseFixture(folder);
    warehouse.load(PaperRuns.all());
    warehouse.rest();
    figures = new Figures(warehouse.reader());
  }

  @AfterAll
  static void close() {
    warehouse.close();
  }

  static List<FigureRequest> requests() {
    String paper = "experiment = 'paper'";
    String lengths = "experiment = 'lengths'";
    return List.of(
        request(FigureKind.LATENCY, null, null, paper, null),
        request(FigureKind.LATENCY, null, "p99-itl", paper, null),
        request(FigureKind.THROUGHPUT, null, null, paper, null),
        request(FigureKind.ATTAINMENT, null, null, paper, null),
        request(FigureKind.FAILURES, null, null, paper, null),
        request(FigureKind.LENGTH, null, null, lengths, "output_len"),
        request(FigureKind.BUDGET, null, null, lengths, null),
        request(FigureKind.BUDGET, "gpu-peak-gb", null, lengths, null),
        request(FigureKind.QUALITY, "gpu-peak-gb", null, paper, null),
        request(FigureKind.SPEEDUP, null, null, paper, null),
        request(FigureKind.PARETO, null, null, paper, null),
        request(FigureKind.PARETO, "tokens-per-s-per-user", "tokens-per-s-per-gpu", paper, null),
        request(FigureKind.BARS, null, null, paper, null),
        request(FigureKind.GRID, null, null, lengths, null),
        request(FigureKind.MEDIA, null, null, lengths, null),
        request(FigureKind.NETWORK, null, null, lengths, null),
        request(FigureKind.BREAKDOWN, null, null, paper, null),
        request(FigureKind.CDF, null, null, paper, null),
        request(FigureKind.DRIFT, null, null, paper, null));
  }

  private static FigureRequest request(
      FigureKind kind, String x, String y, String where, String facet) {
    String baseline = kind == FigureKind.SPEEDUP ? "recompute" : null;
    String joined = kind == FigureKind.PARETO ? "strategy" : null;
    return new FigureRequest(
        kind,
        x,
        y,
        where,
        null,
        joined,
        facet,
        null,
        null,
        baseline,
        FigureRequest.Errors.CI,
        FigureRequest.Style.ONE_COLUMN,
        "all",
        false,
        FigureRequest.Limits.OWN,
        null);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void everyFigureIsDrawnWithItsCaptionDataAndSql(FigureRequest request) throws Exception {
    Figure figure = figures.draw(request);

    List<Path> files = FigureFiles.write(figure, out(), FigureFiles.ALL);

    assertThat(files).hasSize(6).allSatisfy(file -> assertThat(Files.size(file)).isPositive());
    assertThat(Files.readString(files.get(1))).startsWith("<svg").contains("<text");
    assertThat(new String(Files.readAllBytes(files.get(0)), 0, 5, StandardCharsets.ISO_8859_1))
        .isEqualTo("%PDF-");
    assertThat(warehouse.query(Files.readString(files.get(5))).rows())
        .hasSameSizeAs(figure.data().rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../evil", "/tmp/evil", ".hidden", "a/b", "", "a\nb"})
  void aNameThatLeadsElsewhereIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new FigureRequest(
                FigureKind.CDF,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                FigureRequest.Errors.CI,
                FigureRequest.Style.ONE_COLUMN,
                "all",
                false,
                FigureRequest.Limits.OWN,
                name))
        .withMessageContaining("the name of the files is " + name);
  }

  @Test
  void sloFiguresAreNamedAfterTheirStrategiesAndSayWhereTheyCross() throws Exception {
    SloFigures slo = new SloFigures(warehouse.reader());
    SloFigures.Order order =
        new SloFigures.Order(
            List.of("paper/recompute", "paper/cpu", "paper/gds"),
            new FigureRequest.Limits(200.0, 200.0, 0.9),
            true,
            false,
            null);

    Figure comparison = slo.comparison(order, SloFigures.Type.TTFT);
    Figure single =
        slo.single(
            new SloFigures.Order(
                List.of("paper/cpu"), new FigureRequest.Limits(150.0, 27.0, 0.8), true, true, 2.0));

    assertThat(comparison.name()).isEqualTo("recompute_vs_cpu_vs_gds_comparison_ttft");
    assertThat(comparison.caption())
        .contains("recompute crosses the target at ")
        .contains("TTFT 200 ms, TPOT 200 ms; target 90 %")
        .contains("n = 3 repeats");
    assertThat(single.name()).isEqualTo("cpu_benchmark_plots");
    assertThat(single.caption()).contains("per GPU").contains("at 2.0 requests/s");
    FigureFiles.write(comparison, out(), FigureFiles.ALL);
    FigureFiles.write(single, out(), FigureFiles.ALL);
  }

  /** DuckDB 2.0.0 fails on this, and the database with it, when it merges common subplans. */
  @Test
  void aStatementMayUseAViewTwice() {
    assertThat(
            warehouse
                .query(
                    """
                    SELECT strategy AS series FROM figure_runs
                    WHERE experiment IN (SELECT experiment FROM figure_runs WHERE usable)
                    GROUP BY ALL ORDER BY min(started_at), series\
                    """)
                .column("series"))
        .startsWith("recompute", "cpu", "gds");
  }

  @Test
  void aFigureWithoutRowsSaysSo() {
    FigureRequest request = request(FigureKind.LATENCY, null, null, "experiment = 'none'", null);

    assertThatThrownBy(() -> figures.draw(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing to draw")
        .hasMessageContaining("experiment = 'none'");
    assertThatThrownBy(() -> Quantity.named("p99 ttft")).hasMessageContaining("no quantity");
  }

  @Test
  void boundsAndClientLimitedRunsAreHollow() {
    Figure latency =
        figures.draw(request(FigureKind.LATENCY, null, null, "experiment = 'paper'", null));
    List<Object> hollow =
        warehouse
            .query(
                "SELECT DISTINCT series || ' ' || x AS mark FROM ("
                    + latency.sql()
                    + ") WHERE hollow ORDER BY mark")
            .column("mark");

    assertThat(hollow).containsExactly("gds 12.0", "recompute 12.0", "recompute inf");
    assertThat(latency.caption()).contains("Hollow").contains("inf: every request at once");
  }

  @Test
  void aReportIsOnePageAndItsTextIsEscaped() throws Exception {
    String page = Report.html(warehouse.reader(), "paper", FigureRequest.Limits.OWN);

    assertThat(page)
        .contains("<h2>Figures</h2>", "<svg", "<figcaption>", "client-limited")
        .doesNotContain("src=\"http", "href=\"http");
    assertThat(Report.escaped("<script>'&\"")).isEqualTo("&lt;script&gt;&#39;&amp;&quot;");
    assertThatThrownBy(() -> Report.html(warehouse.reader(), "none", FigureRequest.Limits.OWN))
        .hasMessageContaining("no experiment none");
    Files.writeString(Files.createDirectories(out()).resolve("report.html"), page);
  }

  private static Path out() {
    String kept = System.getProperty("kvasir.figures");
    return kept == null ? folder.resolve("figures") : Path.of(kept);
  }
}
