package dev.kvasir.sink.warehouse;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;

/** Runs made up from a seed, with every outcome, warm-up requests, and chunks of every kind. */
public final class SampleRuns {

  public static final long START = 1_790_000_000_000_000_000L;
  private static final long MS = 1_000_000;
  private static final long TIMEOUT = 5_000 * MS;

  private SampleRuns() {}

  public static RunStarted started(long run, String strategy, String loadPoint, int repeat) {
    return RunStarted.newBuilder()
        .setRun(run)
        .setAt(START)
        .setId("exp-" + strategy + "-" + loadPoint + "-r" + repeat + "-" + run)
        .setExperiment("exp")
        .setStrategy(strategy)
        .setCell(strategy + " " + loadPoint)
        .setLoadPoint(loadPoint)
        .setRepeat(repeat)
        .setSeed(42)
        .setDeclared(Map.of("medium", "cpu", "bandwidth", "400g"))
        .setDerived(Map.of("tensor-parallel-size", "2"))
        .setLoad(new Load(LoadKind.OPEN, "poisson", 2.5, 1.0, null, null, Map.of()))
        .setWorkload(
            new Workload("prompts", "prompts.jsonl", "aa", "words", 16, true, Map.of("k", "v")))
        .setSlo(new Slo(200 * MS, 30 * MS, 0.9))
        .setServer(
            new Server(
                "http://127.0.0.1:1/v1/completions",
                "openai-completions",
                "m",
                "vllm",
                null,
                1,
                List.of("serve", "m"),
                Map.of()))
        .setPlannedRequests(10L)
        .setTimeoutNanos(TIMEOUT)
        .setStartAt(START)
        .setVersion("0")
        .setCommit("abc")
        .setHost(new Host("h", "linux", 2, 1L << 30, "25"))
        .setAnchor(new Anchor(START, 1L, 10L))
        .build();
  }

  public static RunFinished finished(long run, Verdict verdict) {
    return RunFinished.newBuilder()
        .setRun(run)
        .setAt(START + 60_000 * MS)
        .setVerdict(verdict)
        .setReasons(verdict == Verdict.VALID ? List.of() : List.of("because"))
        .setRequestsSent(1)
        .setRequestsFinished(1)
        .setTokensReceived(1)
        .build();
  }

  /** The requests and chunks of a run. */
  public static List<SpecificRecord> requests(long run, int requests, RandomGenerator random) {
    List<SpecificRecord> events = new ArrayList<>();
    for (int ordinal = -2; ordinal < requests; ordinal++) {
      addRequest(events, run, ordinal, random);
    }
    return events;
  }

  private static void addRequest(
      List<SpecificRecord> events, long run, int ordinal, RandomGenerator random) {
    Phase phase = ordinal < 0 ? Phase.WARM_UP : Phase.MEASURE;
    Outcome outcome = random.nextInt(4) > 0 ? Outcome.OK : any(Outcome.values(), random);
    long due = START + random.nextLong(10_000 * MS);
    RequestFinished.Builder end =
        RequestFinished.newBuilder()
            .setRun(run)
            .setOrdinal(ordinal)
            .setOutcome(outcome)
            .setDueAt(due)
            .setPhase(phase)
            .setTtftSloNanos(random.nextInt(5) == 0 ? null : Long.valueOf(200 * MS))
            .setTpotSloNanos(random.nextInt(5) == 0 ? null : Long.valueOf(30 * MS))
            .setTimeoutNanos(TIMEOUT)
            .setCachedByTier(random.nextBoolean() ? Map.of() : Map.of("hbm", 3));
    if (outcome == Outcome.NOT_SENT) {
      events.add(end.setAt(due + 100).setChunks(0).build());
      return;
    }
    long sent = due + random.nextLong(3 * MS);
    events.add(
        RequestSent.newBuilder()
            .setRun(run)
            .setOrdinal(ordinal)
            .setAt(sent)
            .setDueAt(due)
            .setPhase(phase)
            .setPromptTokens(random.nextBoolean() ? null : (Integer) 17)
            .build());
    boolean answered =
        outcome == Outcome.OK || (outcome != Outcome.CONNECTION_FAILED && random.nextBoolean());
    int chunks = answered ? 1 + random.nextInt(12) : 0;
    long at = sent + random.nextLong(400 * MS);
    long first = at;
    int read = random.nextInt(1_000_000);
    for (int index = 0; index < chunks; index++) {
      long gap = index == 0 || random.nextInt(10) == 0 ? 0 : random.nextLong(1, 60 * MS);
      read += gap == 0 && index > 0 ? 0 : random.nextInt(8) == 0 ? 3 : 1;
      at += gap;
      Integer tokens = random.nextInt(10) == 0 ? null : (Integer) (1 + random.nextInt(2));
      events.add(
          new TokenReceived(
              run,
              ordinal,
              index,
              at,
              tokens,
              index == 0 ? null : (Long) gap,
              index == 0 ? (Long) (at - due) : null,
              index == 0 ? (Long) (at - sent) : null,
              read,
              TokenMetrics.flags(phase, random.nextInt(6) == 0)));
    }
    Integer output = random.nextInt(8) == 0 ? null : (Integer) chunks;
    events.add(
        end.setAt(outcome == Outcome.TIMEOUT ? sent + TIMEOUT : at + MS)
            .setStatus(200)
            .setSentAt(sent)
            .setFirstChunkAt(chunks > 0 ? (Long) first : null)
            .setFirstContentAt(chunks > 0 ? (Long) first : null)
            .setLastContentAt(chunks > 0 ? (Long) at : null)
            .setDoneAt(outcome == Outcome.OK ? (Long) (at + MS) : null)
            .setInputTokens(20)
            .setOutputTokens(output)
            .setCachedTokens(random.nextBoolean() ? null : (Integer) 4)
            .setChunks(chunks)
            .build());
  }

  private static <T> T any(T[] values, RandomGenerator random) {
    return values[random.nextInt(values.length)];
  }
}
