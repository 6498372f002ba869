package dev.kvasir.producer.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.sampling.PrometheusText.Series;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

  @Test
  void readsTheNamedSeriesWithTheirLabels() {
    String page =
        """
        # HELP vllm:num_requests_running Requests.
        # TYPE vllm:num_requests_running gauge
        vllm:num_requests_running{engine="0",model_name="a \\"b\\", c=\\\\d\\n"} 3.0
        vllm:num_requests_running_total 9
        vllm:kv_cache_usage_perc 0.25 1700000000000
        vllm:prefix_cache_hits_total{} 1e3

        other{engine="0"} 7
        """;

    assertThat(
            PrometheusText.read(
                page,
                Set.of(
                    "vllm:num_requests_running",
                    "vllm:kv_cache_usage_perc",
                    "vllm:prefix_cache_hits_total")))
        .containsExactly(
            new Series(
                "vllm:num_requests_running",
                Map.of("engine", "0", "model_name", "a \"b\", c=\\d\n"),
                3),
            new Series("vllm:kv_cache_usage_perc", Map.of(), 0.25),
            new Series("vllm:prefix_cache_hits_total", Map.of(), 1000));
  }

  @Test
  void readsWhatIsNotFinite() {
    assertThat(PrometheusText.read("a +Inf\na -Inf\na NaN\n", Set.of("a")))
        .extracting(Series::value)
        .containsExactly(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);
  }

  @Test
  void passesOverWhatIsNotOfTheFormat() {
    String page = "a\na{\na{x\na{x=\"\na{x=\"1\" 2\na x\n<html>a 1</html>\n\u0000\n a 5\n";

    assertThat(PrometheusText.read(page, Set.of("a"))).isEmpty();
  }
}
