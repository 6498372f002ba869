package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.metric.Attainment;
import dev.kvasir.metric.CensoredPercentile;
import dev.kvasir.metric.PeakConcurrency;
import dev.kvasir.metric.Percentile;
import dev.kvasir.metric.RequestMetrics;
import dev.kvasir.metric.Throughput;
import dev.kvasir.metric.TokenMetrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SQL definitions equal those in {@code dev.kvasir.metric}, on events made up from a seed. */
class ResultsViewTest {

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void everyNumberOfARunEqualsThePureDefinition(long seed) throws Exception {
    Random random = new Random(seed);
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      List<SpecificRecord> events = new ArrayList<>();
      events.add(SampleRuns.started(5, "cpu", "rate=2.5", 1));
      events.addAll(SampleRuns.requests(5, 1 + random.nextInt(80), random));
      events.addAll(SampleRuns.requests(6, 20, random));
      events.add(SampleRuns.finished(5, Verdict.VALID));
      warehouse.load(events);

      QueryResult result = warehouse.query("SELECT * FROM results");

      assertThat(result.rows()).hasSize(1);
      expected(events)
          .forEach((name, value) -> assertEqual(name, result.column(name).getFirst(), value));
      assertThat(result.column("verdict").getFirst()).isEqualTo("valid");
      assertThat(result.column("labels").getFirst())
          .isEqualTo(Map.of("medium", "cpu", "bandwidth", "400g"));
    }
  }

  @Test
  void aRunWithoutRequestsHasNoNumbers() throws Exception {
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      warehouse.load(List.of(SampleRuns.started(5, "cpu", "rate=2.5", 1)));

      QueryResult result =
          warehouse.query("SELECT n, attainment, request_throughput, p99_ttft_ms FROM results");

      assertThat(result.rows()).containsExactly(Arrays.asList(null, null, null, null));
    }
  }

  private static void assertEqual(String name, Object found, Object expected) {
    if (expected instanceof Double number && found instanceof Double value) {
      assertThat(value).as(name).isCloseTo(number, Offset.offset(1e-9 * Math.abs(number) + 1e-9));
    } else if (expected instanceof Number number && found instanceof Number value) {
      assertThat(value.longValue()).as(name).isEqualTo(number.longValue());
    } else {
      assertThat(found).as(name).isEqualTo(expected);
    }
  }

  private static Map<String, Object> expected(List<SpecificRecord> events) {
    List<RequestFinished> all =
        events.stream()
            .filter(RequestFinished.class::isInstance)
            .map(RequestFinished.class::cast)
            .filter(r -> r.getRun() == 5 && r.getPhase() == Phase.MEASURE)
            .toList();
    List<RequestFinished> ok = all.stream().filter(r -> r.getOutcome() == Outcome.OK).toList();
    List<RequestFinished> sent = all.stream().filter(r -> r.getSentAt() != null).toList();
    Set<Integer> okOrdinals =
        ok.stream().map(RequestFinished::getOrdinal).collect(Collectors.toSet());
    double[] gaps =
        events.stream()
            .filter(TokenReceived.class::isInstance)
            .map(TokenReceived.class::cast)
            .filter(t -> t.getRun() == 5 && okOrdinals.contains(t.getOrdinal()))
            .map(TokenMetrics::itlChunk)
            .filter(Objects::nonNull)
            .mapToDouble(nanos -> nanos / 1e6)
            .toArray();
    Map<String, Object> expected = new HashMap<>();
    expected.put("n", (long) all.size());
    expected.put("completed", (long) ok.size());
    expected.put("failed", (long) all.size() - ok.size());
    addLatency(expected, "ttft", ms(ok, RequestMetrics::ttft));
    addLatency(expected, "ttft_sent", ms(ok, RequestMetrics::ttftSent));
    addLatency(expected, "tpot", ms(ok, RequestMetrics::tpot));
    addLatency(expected, "e2el", ms(ok, RequestMetrics::e2e));
    addLatency(expected, "itl", gaps);
    addAttainment(expected, all);
    addThroughput(expected, all, ok, sent);
    addBound(expected, all);
    expected.put(
        "max_concurrent_requests",
        sent.isEmpty()
            ? null
            : (Long)
                (long)
                    PeakConcurrency.of(
                        sent.stream().mapToLong(RequestFinished::getSentAt).toArray(),
                        sent.stream().mapToLong(RequestFinished::getAt).toArray()));
    return expected;
  }

  private static double[] ms(
      List<RequestFinished> requests, Function<RequestFinished, ? extends Number> metric) {
    return requests.stream()
        .map(metric)
        .filter(Objects::nonNull)
        .mapToDouble(nanos -> nanos.doubleValue() / 1e6)
        .toArray();
  }

  private static void addLatency(Map<String, Object> expected, String name, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    if (sorted.length == 0) {
      for (String kind : List.of("mean_", "std_", "median_", "p90_", "p99_")) {
        expected.put(kind + name + "_ms", null);
      }
      return;
    }
    double mean = Arrays.stream(sorted).average().orElseThrow();
    double variance =
        Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    expected.put("mean_" + name + "_ms", mean);
    expected.put("std_" + name + "_ms", Math.sqrt(variance));
    expected.put("median_" + name + "_ms", Percentile.linear(sorted, 0.5).getAsDouble());
    expected.put("p90_" + name + "_ms", Percentile.linear(sorted, 0.9).getAsDouble());
    expected.put("p99_" + name + "_ms", Percentile.linear(sorted, 0.99).getAsDouble());
  }

  private static void addAttainment(Map<String, Object> expected, List<RequestFinished> all) {
    List<Attainment> judged = all.stream().map(Attainment::of).toList();
    double n = all.size();
    expected.put("attainment", judged.stream().filter(Attainment::both).count() / n);
    expected.put("attainment_ttft", judged.stream().filter(Attainment::ttft).count() / n);
    expected.put("attainment_tpot", judged.stream().filter(Attainment::tpot).count() / n);
  }

  private static void addThroughput(
      Map<String, Object> expected,
      List<RequestFinished> all,
      List<RequestFinished> ok,
      List<RequestFinished> sent) {
    long attained = all.stream().map(Attainment::of).filter(Attainment::both).count();
    long firstSent = sent.stream().mapToLong(RequestFinished::getSentAt).min().orElse(0);
    long lastEnd = sent.stream().mapToLong(RequestFinished::getAt).max().orElse(0);
    Throughput run = throughput(ok, attained, lastEnd - firstSent);
    boolean inputKnown = !ok.isEmpty();
    boolean outputKnown = ok.stream().anyMatch(r -> r.getOutputTokens() != null);
    expected.put("request_throughput", run.requestsPerSecond());
    expected.put("request_goodput", run.goodput());
    expected.put("output_throughput", outputKnown ? run.outputTokensPerSecond() : null);
    expected.put(
        "total_token_throughput", inputKnown && outputKnown ? run.totalTokensPerSecond() : null);
    long firstDue = all.stream().mapToLong(RequestFinished::getDueAt).min().orElseThrow();
    long lastDue = all.stream().mapToLong(RequestFinished::getDueAt).max().orElseThrow();
    List<RequestFinished> steady =
        ok.stream().filter(r -> r.getAt() >= firstDue && r.getAt() <= lastDue).toList();
    Throughput middle = throughput(steady, 0, lastDue - firstDue);
    boolean steadyKnown = steady.stream().anyMatch(r -> r.getOutputTokens() != null);
    expected.put("steady_request_throughput", middle.requestsPerSecond());
    expected.put("steady_output_throughput", steadyKnown ? middle.outputTokensPerSecond() : null);
  }

  private static Throughput throughput(
      List<RequestFinished> requests, long attained, long duration) {
    return new Throughput(
        requests.size(),
        requests.stream().mapToLong(RequestFinished::getInputTokens).sum(),
        requests.stream()
            .map(RequestFinished::getOutputTokens)
            .filter(Objects::nonNull)
            .mapToLong(Integer::longValue)
            .sum(),
        attained,
        duration);
  }

  private static void addBound(Map<String, Object> expected, List<RequestFinished> all) {
    double[] answered = ms(all, RequestMetrics::ttft);
    double[] limits =
        all.stream()
            .filter(r -> RequestMetrics.ttft(r) == null)
            .mapToDouble(r -> {
              Long queue = RequestMetrics.queue(r);
              return r.getTimeoutNanos() / 1e6 + (queue == null ? 0 : queue / 1e6);
            })
            .toArray();
    Map.of("median", 0.5, "p90", 0.9, "p99", 0.99)
        .forEach((name, q) -> {
          CensoredPercentile bound = CensoredPercentile.of(answered, limits, q).orElseThrow();
          expected.put(name + "_ttft_bound_ms", bound.value());
          expected.put(name + "_ttft_censored", bound.censored());
        });
  }
}
