package dev.kvasir.streams;

import dev.kvasir.event.AlertRule;
import dev.kvasir.event.Anchor;
import dev.kvasir.event.Host;
import dev.kvasir.event.Load;
import dev.kvasir.event.LoadKind;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Server;
import dev.kvasir.event.Slo;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.event.Workload;
import dev.kvasir.metric.TokenMetrics;
import dev.kvasir.topic.EventRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;

/** Events of one run, times in milliseconds from {@link #START}. */
public record RunEvents(long run, long ttftLimitMs, long tpotLimitMs) {

  public static final long MS = 1_000_000L;

  /** Epoch seconds at which the runs of the tests start. */
  public static final long START = 1_760_000_000L;

  public static RunEvents ofRun(long run) {
    return new RunEvents(run, 200, 50);
  }

  public static long at(long ms) {
    return START * 1_000_000_000L + ms * MS;
  }

  public RequestSent sent(int ordinal, long dueMs, long sentMs) {
    return RequestSent.newBuilder()
        .setRun(run)
        .setOrdinal(ordinal)
        .setAt(at(sentMs))
        .setDueAt(at(dueMs))
        .setPhase(ordinal < 0 ? Phase.WARM_UP : Phase.MEASURE)
        .setTtftSloNanos(ttftLimitMs * MS)
        .build();
  }

  public TokenReceived first(int ordinal, long dueMs, long sentMs, long atMs) {
    return new TokenReceived(
        run,
        ordinal,
        0,
        at(atMs),
        1,
        null,
        (atMs - dueMs) * MS,
        (atMs - sentMs) * MS,
        1,
        flags(ordinal));
  }

  public TokenReceived next(int ordinal, int index, Integer tokens, long gapMs, long atMs) {
    return new TokenReceived(
        run, ordinal, index, at(atMs), tokens, gapMs * MS, null, null, index + 1, flags(ordinal));
  }

  private static int flags(int ordinal) {
    return TokenMetrics.flags(ordinal < 0 ? Phase.WARM_UP : Phase.MEASURE, false);
  }

  public RequestFinished.Builder finished(int ordinal, long dueMs, long atMs, Outcome outcome) {
    return RequestFinished.newBuilder()
        .setRun(run)
        .setOrdinal(ordinal)
        .setAt(at(atMs))
        .setOutcome(outcome)
        .setDueAt(at(dueMs))
        .setChunks(0)
        .setPhase(ordinal < 0 ? Phase.WARM_UP : Phase.MEASURE)
        .setTtftSloNanos(ttftLimitMs * MS)
        .setTpotSloNanos(tpotLimitMs * MS)
        .setTimeoutNanos(60_000 * MS);
  }

  public RunFinished ended(long atMs, List<? extends SpecificRecord> events) {
    return RunFinished.newBuilder()
        .setRun(run)
        .setAt(at(atMs))
        .setVerdict(Verdict.VALID)
        .setRequestsSent(events.stream().filter(RequestSent.class::isInstance).count())
        .setRequestsFinished(events.stream().filter(RequestFinished.class::isInstance).count())
        .setTokensReceived(events.stream().filter(TokenReceived.class::isInstance).count())
        .build();
  }

  public RunStarted started(AlertRule... rules) {
    return RunStarted.newBuilder()
        .setRun(run)
        .setAt(at(0))
        .setId("run-" + run)
        .setExperiment("tests")
        .setStrategy("recompute")
        .setCell("recompute rate=1")
        .setLoadPoint("rate=1")
        .setRepeat(1)
        .setSeed(1)
        .setLoad(Load.newBuilder().setKind(LoadKind.OPEN).setArrivals("poisson").build())
        .setWorkload(
            Workload.newBuilder().setName("synthetic").setHash("").setTokenizer("").build())
        .setSlo(Slo.newBuilder().setTtftNanos(ttftLimitMs * MS).build())
        .setServer(Server.newBuilder().setUrl("http://x").setProtocol("p").setModel("m").build())
        .setTimeoutNanos(60_000 * MS)
        .setStartAt(at(0))
        .setAlerts(List.of(rules))
        .setVersion("0")
        .setCommit("0")
        .setHost(new Host("h", "os", 1, 1L, "25"))
        .setAnchor(new Anchor(at(0), 0L, 0L))
        .build();
  }

  /** One request with every chunk of its answer, all tokens one by one at one gap. */
  public List<SpecificRecord> answered(
      int ordinal, long dueMs, long sentMs, long firstMs, int tokens, long gapMs) {
    List<SpecificRecord> events = new ArrayList<>();
    events.add(sent(ordinal, dueMs, sentMs));
    events.add(first(ordinal, dueMs, sentMs, firstMs));
    for (int index = 1; index < tokens; index++) {
      events.add(next(ordinal, index, 1, gapMs, firstMs + index * gapMs));
    }
    long lastMs = firstMs + (tokens - 1) * gapMs;
    events.add(
        finished(ordinal, dueMs, lastMs + 1, Outcome.OK)
            .setSentAt(at(sentMs))
            .setFirstContentAt(at(firstMs))
            .setLastContentAt(at(lastMs))
            .setDoneAt(at(lastMs + 1))
            .setOutputTokens(tokens)
            .setChunks(tokens)
            .build());
    return events;
  }

  /** A run's worth of requests of every kind, in the order of their times. */
  public List<SpecificRecord> random(int requests, long lengthMs, RandomGenerator random) {
    List<SpecificRecord> events = new ArrayList<>();
    for (int ordinal = -5; ordinal < requests; ordinal++) {
      long due = random.nextLong(lengthMs);
      long sent = due + random.nextLong(20);
      switch (random.nextInt(10)) {
        case 0 -> events.add(finished(ordinal, due, sent, Outcome.NOT_SENT).build());
        case 1 -> events.addAll(silent(ordinal, due, sent, random));
        case 2 -> events.addAll(broken(ordinal, due, sent, random));
        default ->
            events.addAll(
                answered(
                    ordinal,
                    due,
                    sent,
                    sent + 1 + random.nextLong(400),
                    1 + random.nextInt(40),
                    1 + random.nextLong(90)));
      }
    }
    events.sort(Comparator.comparingLong(EventRecord::at));
    return events;
  }

  private List<SpecificRecord> silent(int ordinal, long due, long sent, RandomGenerator random) {
    Outcome outcome = random.nextBoolean() ? Outcome.TIMEOUT : Outcome.CONNECTION_FAILED;
    return List.of(
        sent(ordinal, due, sent),
        finished(ordinal, due, sent + 1 + random.nextLong(3000), outcome)
            .setSentAt(at(sent))
            .build());
  }

  private List<SpecificRecord> broken(int ordinal, long due, long sent, RandomGenerator random) {
    long first = sent + 1 + random.nextLong(400);
    long gap = 1 + random.nextLong(90);
    return List.of(
        sent(ordinal, due, sent),
        first(ordinal, due, sent, first),
        next(ordinal, 1, null, gap, first + gap),
        next(ordinal, 2, 3, gap, first + 2 * gap),
        finished(ordinal, due, first + 3 * gap, Outcome.CLOSED_EARLY)
            .setSentAt(at(sent))
            .setFirstContentAt(at(first))
            .setLastContentAt(at(first + 2 * gap))
            .setChunks(3)
            .build());
  }

  public static AlertRule rule(
      String metric, boolean above, double threshold, int seconds, long holdMs) {
    return new AlertRule(metric, metric, above, threshold, seconds, holdMs * MS, null);
  }

  /** A rule that is cleared at another value than the one that raises it. */
  public static AlertRule ruleThatClearsAt(
      double clear, String metric, boolean above, double threshold, int seconds) {
    return new AlertRule(metric, metric, above, threshold, seconds, 0L, clear);
  }

  public static Map<String, String> gpu(int number) {
    return Map.of("gpu", Integer.toString(number));
  }
}
