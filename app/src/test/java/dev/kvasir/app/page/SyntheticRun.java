package dev.kvasir.app.page;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.Anchor;
import dev.kvasir.event.Host;
import dev.kvasir.event.LatencySummary;
import dev.kvasir.event.Load;
import dev.kvasir.event.LoadKind;
import dev.kvasir.event.Phase;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Server;
import dev.kvasir.event.Slo;
import dev.kvasir.event.Verdict;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.event.Workload;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The events of a made-up run at ten requests and about 400 tokens per second.
 *
 * @param number run number
 * @param startSecond epoch second at which it starts
 */
record SyntheticRun(
    long number,
    long startSecond,
    String experiment,
    String strategy,
    String loadPoint,
    int repeat,
    double slowness) {

  static final int SECONDS = 90;
  static final long PLANNED = 900;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long TTFT_SLO_NANOS = 250_000_000L;

  static SyntheticRun named(String experiment, long number, long startSecond) {
    return new SyntheticRun(number, startSecond, experiment, "hbm-cache", "rate=10", 1, 1);
  }

  SyntheticRun slower(double factor) {
    return new SyntheticRun(
        number, startSecond, experiment, strategy, loadPoint, repeat, slowness * factor);
  }

  RunStarted started() {
    return RunStarted.newBuilder()
        .setRun(number)
        .setAt(nanos(startSecond))
        .setId("%s-%s-%s-r%d-x7".formatted(experiment, strategy, loadPoint, repeat))
        .setExperiment(experiment)
        .setStrategy(strategy)
        .setCell(strategy + " " + loadPoint)
        .setLoadPoint(loadPoint)
        .setRepeat(repeat)
        .setSeed(42)
        .setLoad(
            Load.newBuilder().setKind(LoadKind.OPEN).setArrivals("poisson").setRate(10.0).build())
        .setWorkload(
            Workload.newBuilder().setName("synthetic").setHash("00").setTokenizer("words").build())
        .setSlo(
            Slo.newBuilder()
                .setTtftNanos(TTFT_SLO_NANOS)
                .setTpotNanos(50_000_000L)
                .setTarget(0.9)
                .build())
        .setServer(
            Server.newBuilder()
                .setUrl("http://127.0.0.1:8000/v1/completions")
                .setProtocol("openai-completions")
                .setModel("simulated-8b")
                .build())
        .setPlannedRequests(PLANNED)
        .setAlerts(List.of())
        .setTimeoutNanos(60 * NANOS_PER_SECOND)
        .setStartAt(nanos(startSecond))
        .setVersion("0.1.0")
        .setCommit("0000000")
        .setHost(new Host("host", "Linux", 2, 1L << 33, "25"))
        .setAnchor(new Anchor(nanos(startSecond), 0L, 100L))
        .build();
  }

  PhaseStarted measuring() {
    return new PhaseStarted(number, nanos(startSecond), Phase.MEASURE, 1);
  }

  /** The windows of every length that end after a number of seconds. */
  List<WindowMeasured> windowsAfter(int seconds) {
    return List.of(
        window(1, seconds), window(10, seconds), window(60, seconds), window(0, seconds));
  }

  RunFinished finished(Verdict verdict, String... reasons) {
    long end = nanos(startSecond + SECONDS);
    return RunFinished.newBuilder()
        .setRun(number)
        .setAt(end)
        .setVerdict(verdict)
        .setReasons(List.of(reasons))
        .setOutcomes(Map.of("OK", PLANNED - 3, "TIMEOUT", 3L))
        .setRequestsSent(PLANNED)
        .setRequestsFinished(PLANNED)
        .setTokensReceived(PLANNED * 40)
        .setFirstSentAt(nanos(startSecond))
        .setLastEndAt(end)
        .build();
  }

  AlertRaised alertRaised(int seconds) {
    return new AlertRaised(
        number, nanos(startSecond + seconds), "slow first token", "ttft_p99_ms", 612.5, 250.0);
  }

  AlertCleared alertCleared(int seconds) {
    return new AlertCleared(
        number, nanos(startSecond + seconds), "slow first token", "ttft_p99_ms", 198.0);
  }

  private WindowMeasured window(int length, int second) {
    int covered = length == 0 ? second : Math.min(length, second);
    double load = slowness * wave(second - covered + 1, second);
    long ended = 10L * covered;
    long failed = second > 40 && second <= 45 && length != 1 ? 3 : 0;
    return WindowMeasured.newBuilder()
        .setRun(number)
        .setAt(nanos(startSecond + second))
        .setSeconds(length)
        .setEndSecond(startSecond + second)
        .setChunks(400L * covered)
        .setTokens((long) (covered * (400 + 60 * Math.sin(second / 4.0))))
        .setSent(ended)
        .setOk(ended - failed)
        .setFailed(failed)
        .setTimeouts(failed)
        .setAttained((long) ((ended - failed) * attained(load)))
        .setAttainedTtft(ended - failed)
        .setAttainedTpot(ended - failed)
        .setAttainment(attained(load) * (ended - failed) / ended)
        .setTtft(latency(ended, 60 * load))
        .setItl(latency(400L * covered, 18 * Math.sqrt(load)))
        .setInFlight((long) (8 + 10 * load))
        .setWaiting((long) (3 * load))
        .setBreached(0)
        .setOldestWaitNanos((long) (90 * load * NANOS_PER_MILLI))
        .setLate(0)
        .setUndecodable(0)
        .build();
  }

  /** The mean load over seconds of the run, both inclusive. */
  private static double wave(int from, int until) {
    return IntStream.rangeClosed(from, until).mapToDouble(SyntheticRun::wave).average().orElse(1);
  }

  private static double wave(int second) {
    return 1 + 0.25 * Math.sin(second / 5.0) + (second > 32 && second < 46 ? 1.6 : 0);
  }

  private static double attained(double load) {
    return Math.clamp(1.12 - 0.13 * load, 0, 1);
  }

  private static LatencySummary latency(long count, double millis) {
    double nanos = millis * NANOS_PER_MILLI;
    return new LatencySummary(
        count, nanos * 1.1, nanos * 0.4, nanos, nanos * 1.9, nanos * 3.4, nanos * 4.2);
  }

  private static long nanos(long epochSecond) {
    return epochSecond * NANOS_PER_SECOND;
  }
}
