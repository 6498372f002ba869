package dev.kvasir.streams.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.AlertRule;
import dev.kvasir.event.LatencySummary;
import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.streams.RunEvents;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunAlertsTest {

  private static final RunEvents RUN = RunEvents.ofRun(7);

  private final List<SpecificRecord> alerts = new ArrayList<>();

  @Test
  void anAlertIsRaisedWhenItsConditionHasHeldAndClearedWhenItHasCeasedAsLong() {
    RunAlerts rules = rules(RunEvents.rule("success_rate", false, 0.99, 10, 3_000));

    for (int second : new int[] {1, 2, 3}) {
      rules.observe(window(10, second, 90, 10), alerts::add);
    }
    assertThat(alerts).isEmpty();
    rules.observe(window(10, 4, 90, 10), alerts::add);
    rules.observe(window(10, 5, 90, 10), alerts::add);
    assertThat(alerts).singleElement().isInstanceOf(AlertRaised.class);

    rules.observe(window(10, 6, 100, 0), alerts::add);
    rules.observe(window(10, 7, 90, 10), alerts::add);
    rules.observe(window(10, 8, 100, 0), alerts::add);
    rules.observe(window(10, 10, 100, 0), alerts::add);
    assertThat(alerts).hasSize(1);
    rules.observe(window(10, 11, 100, 0), alerts::add);
    assertThat(alerts.getLast()).isInstanceOf(AlertCleared.class);
  }

  @Test
  void aConditionThatCeasesInBetweenRaisesNothing() {
    RunAlerts rules = rules(RunEvents.rule("success_rate", false, 0.99, 10, 3_000));

    for (int second = 0; second < 20; second++) {
      rules.observe(window(10, second, 100, second % 3 == 0 ? 0 : 10), alerts::add);
    }

    assertThat(alerts).isEmpty();
  }

  @Test
  void aWindowThatIsMeasuredAgainAfterNewerOnesIsNotJudged() {
    RunAlerts rules = rules(RunEvents.rule("success_rate", false, 0.99, 10, 0));

    rules.observe(window(10, 9, 100, 0), alerts::add);
    rules.observe(window(10, 8, 0, 100), alerts::add);
    rules.observe(window(60, 10, 0, 100), alerts::add);

    assertThat(alerts).isEmpty();
  }

  @Test
  void aWindowThatIsMeasuredAgainAfterARestartIsNotJudgedEither() {
    RunAlerts rules = rules(RunEvents.rule("success_rate", false, 0.99, 10, 0));
    rules.observe(window(10, 1, 0, 100), alerts::add);
    for (int second : new int[] {2, 3}) {
      rules.observe(window(10, second, 100, 0), alerts::add);
    }
    assertThat(alerts).as("raised and cleared").hasSize(2);
    assertThat(rules.observe(window(10, 5, 100, 0), alerts::add)).as("to be kept").isTrue();

    RunAlerts read = RunAlerts.fromBytes(7, rules.toBytes());
    for (int second : new int[] {1, 4}) {
      assertThat(read.observe(window(10, second, 0, 100), alerts::add)).isFalse();
    }

    assertThat(alerts).hasSize(2);
  }

  @Test
  void rulesAndTheirStatesSurviveTheRoundTrip() {
    AlertRule raised = RunEvents.rule("success_rate", false, 0.99, 10, 0);
    AlertRule pending = RunEvents.rule("attainment_ttft", false, 0.5, 10, 5_000);
    RunAlerts rules = rules(raised, pending);
    rules.observe(window(10, 1, 0, 100), alerts::add);
    assertThat(alerts).hasSize(1);

    RunAlerts read = RunAlerts.fromBytes(7, rules.toBytes());
    read.observe(window(10, 2, 0, 100), alerts::add);
    assertThat(alerts).hasSize(1);
    read.observe(window(10, 6, 0, 100), alerts::add);

    assertThat(read.toBytes()).isNotEqualTo(rules.toBytes());
    assertThat(alerts).hasSize(2);
    assertThat(((AlertRaised) alerts.getLast()).getRule()).isEqualTo("attainment_ttft");
    byte[] other = rules.toBytes();
    other[0] = 9;
    assertThatThrownBy(() -> RunAlerts.fromBytes(7, other)).hasMessageContaining("version 9");
  }

  @Test
  void aSampledMetricIsItsMeanOverTheWindow() {
    RunAlerts rules = rules(RunEvents.rule("gpu_utilisation_ratio", false, 0.5, 3, 0));

    double[] values = {0.9, 0.9, 0.2, 0.2, 0.2};
    for (int second = 0; second < values.length; second++) {
      rules.observe(sample(second, values[second]), alerts::add);
      assertThat(alerts).as("second " + second).hasSize(second < 3 ? 0 : 1);
    }
    assertThat(((AlertRaised) alerts.getFirst()).getValue()).isBetween(0.43, 0.44);
  }

  @Test
  void aRaisedAlertIsClearedAtItsOwnValue() {
    RunAlerts rules = rules(RunEvents.ruleThatClearsAt(0.99, "success_rate", false, 0.90, 10));

    rules.observe(window(10, 1, 80, 20), alerts::add);
    assertThat(alerts).singleElement().isInstanceOf(AlertRaised.class);
    for (int second : new int[] {2, 4, 6}) {
      rules.observe(window(10, second, 95, 5), alerts::add);
    }
    assertThat(alerts).as("95 % are above 90 % and below 99 %").hasSize(1);

    RunAlerts read = RunAlerts.fromBytes(7, rules.toBytes());
    read.observe(window(10, 8, 100, 0), alerts::add);
    read.observe(window(10, 10, 100, 0), alerts::add);

    assertThat(alerts.getLast()).isInstanceOf(AlertCleared.class);
  }

  @Test
  void driftIsMeasuredAgainstTheFirstFullWindow() {
    RunAlerts rules = rules(RunEvents.rule("tpot_p50_ms_drift", true, 1.5, 10, 0));

    for (int end : new int[] {3, 8, 13}) {
      rules.observe(slow(end, end < 13 ? 40 : 20), alerts::add);
    }
    RunAlerts read = RunAlerts.fromBytes(7, rules.toBytes());
    read.observe(slow(14, 29), alerts::add);
    assertThat(alerts).as("1.45 times").isEmpty();
    read.observe(slow(15, 31), alerts::add);

    assertThat(alerts)
        .singleElement()
        .isInstanceOfSatisfying(
            AlertRaised.class, raised -> assertThat(raised.getValue()).isEqualTo(31.0 / 20));
  }

  @Test
  void memoryAndUtilisationOfGpusAreSharesOfTheirSamples() {
    RunAlerts rules =
        rules(
            RunEvents.rule("gpu_memory_ratio", true, 0.95, 0, 0),
            RunEvents.rule("gpu_utilisation_ratio", false, 0.5, 0, 0));

    rules.observe(gpu(1, "DCGM_FI_DEV_FB_USED", 99), alerts::add);
    assertThat(alerts).as("what is free is not known").isEmpty();
    rules.observe(gpu(1, "DCGM_FI_DEV_FB_FREE", 4), alerts::add);
    rules.observe(gpu(2, "DCGM_FI_DEV_FB_USED", 96), alerts::add);
    rules.observe(gpu(2, "DCGM_FI_DEV_GPU_UTIL", 49), alerts::add);

    assertThat(alerts)
        .extracting(alert -> ((AlertRaised) alert).getValue())
        .containsExactly(0.96, 0.49);
  }

  /** A state that the first version of the program kept. */
  @Test
  void theFirstVersionsStateIsRead() {
    byte[] first =
        ByteBuffer.allocate(70)
            .put((byte) 1)
            .putInt(1)
            .putInt(4)
            .put("slow".getBytes(StandardCharsets.UTF_8))
            .putInt(12)
            .put("success_rate".getBytes(StandardCharsets.UTF_8))
            .put((byte) 0)
            .putDouble(0.99)
            .putInt(10)
            .putLong(0)
            .put((byte) 2)
            .putLong(0)
            .array();

    RunAlerts read = RunAlerts.fromBytes(7, first);
    read.observe(window(10, 1, 0, 100), alerts::add);
    assertThat(alerts).as("raised before").isEmpty();
    read.observe(window(10, 2, 100, 0), alerts::add);
    read.observe(window(10, 4, 100, 0), alerts::add);

    assertThat(alerts).singleElement().isInstanceOf(AlertCleared.class);
  }

  /** The second version's state lacks what the third has at its end. */
  @Test
  void theSecondVersionsStateIsRead() {
    RunAlerts rules = rules(RunEvents.ruleThatClearsAt(0.99, "success_rate", false, 0.90, 10));
    rules.observe(window(10, 1, 80, 20), alerts::add);
    byte[] third = rules.toBytes();
    byte[] second = Arrays.copyOf(third, third.length - Long.BYTES);
    second[0] = 2;

    RunAlerts read = RunAlerts.fromBytes(7, second);
    read.observe(window(10, 2, 95, 5), alerts::add);
    assertThat(alerts).as("raised before, and 95 % are below 99 %").hasSize(1);
    read.observe(window(10, 3, 100, 0), alerts::add);
    read.observe(window(10, 4, 100, 0), alerts::add);

    assertThat(alerts.getLast()).isInstanceOf(AlertCleared.class);
  }

  private static WindowMeasured slow(int end, long millis) {
    return WindowMeasured.newBuilder(window(10, end, 100, 0))
        .setTpot(summary(millis, millis, millis, millis, millis))
        .build();
  }

  private static Sampled gpu(int second, String name, double value) {
    return new Sampled(
        7L, RunEvents.at(second * 1000L), SampleSource.GPU, name, RunEvents.gpu(0), value);
  }

  @ParameterizedTest
  @CsvSource({
    "ttft_p50_ms, 10",
    "ttft_p90_ms, 20",
    "ttft_p99_ms, 70",
    "ttft_max_ms, 70",
    "ttft_mean_ms, 12",
    "itl_p99_ms, 30",
    "oldest_wait_ms, 70",
    "success_rate, 0.9",
    "attainment_ttft, 0.8",
    "attainment_tpot, 0.7",
    "attainment, 0.6",
    "in_flight, 5",
    "waiting, 4",
    "breached, 1",
    "failed, 10",
    "timeouts, 3",
    "tokens_per_second, 100",
    "requests_per_second, 9",
  })
  void aWindowTellsEveryMetricThatRulesCanName(String name, double expected) {
    WindowMeasured window =
        WindowMeasured.newBuilder(window(10, 1, 90, 10))
            .setTokens(1000)
            .setTimeouts(3)
            .setAttainedTtft(80)
            .setAttainedTpot(70)
            .setAttainment(0.6)
            .setTtft(summary(12, 10, 20, 25, 26))
            .setItl(summary(12, 10, 20, 30, 31))
            .setInFlight(5)
            .setWaiting(4)
            .setBreached(1)
            .setOldestWaitNanos(70_000_000L)
            .build();

    assertThat(WindowMetric.of(name).in(window)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"gpu_memory_ratio", "ttft_p75_ms", "foo_p99_ms", "p99_ms", "_ms", "ttft_p99_ms_x"})
  void everyOtherNameIsASamples(String name) {
    assertThat(WindowMetric.of(name)).isNull();
  }

  private static RunAlerts rules(AlertRule... rules) {
    return RunAlerts.of(RUN.started(rules));
  }

  private static LatencySummary summary(long mean, long p50, long p90, long p99, long max) {
    return new LatencySummary(100L, mean * 1e6, 1e6, p50 * 1e6, p90 * 1e6, p99 * 1e6, max * 1e6);
  }

  private static WindowMeasured window(int seconds, int end, long ok, long failed) {
    return WindowMeasured.newBuilder()
        .setRun(7)
        .setAt(RunEvents.at(end * 1000L))
        .setSeconds(seconds)
        .setEndSecond(RunEvents.START + end)
        .setChunks(0)
        .setTokens(0)
        .setSent(0)
        .setOk(ok)
        .setFailed(failed)
        .setTimeouts(0)
        .setAttained(0)
        .setAttainedTtft(0)
        .setAttainedTpot(0)
        .setInFlight(0)
        .setWaiting(0)
        .setBreached(0)
        .setLate(0)
        .setUndecodable(0)
        .build();
  }

  private static Sampled sample(int second, double value) {
    return new Sampled(
        7L,
        RunEvents.at(second * 1000L),
        SampleSource.GPU,
        "gpu_utilisation_ratio",
        RunEvents.gpu(0),
        value);
  }
}
