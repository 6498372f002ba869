package dev.kvasir.sink.warehouse;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.Load;
import dev.kvasir.event.LoadKind;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunScored;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.Server;
import dev.kvasir.event.Slo;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.event.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;

/**
 * Made-up runs of three experiments with everything that questions and figures look at: {@code
 * paper} sweeps the rate of three strategies in two passes, {@code lengths} varies prompt, output
 * and concurrency, {@code engines} compares two versions. The same at every call.
 */
public final class PaperRuns {

  private static final long START = SampleRuns.START;
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;
  private static final List<Double> RATES = List.of(2.0, 4.0, 8.0, 12.0, Double.POSITIVE_INFINITY);

  private final List<SpecificRecord> events = new ArrayList<>();
  private final Random random = new Random(42);
  private long run = 1_000;
  private long startAt = START;

  private PaperRuns() {}

  /** Every event. */
  public static List<SpecificRecord> all() {
    PaperRuns runs = new PaperRuns();
    runs.paper();
    runs.lengths();
    runs.engines();
    return runs.events;
  }

  /** How a made-up server answers. */
  private record Answering(
      String name, double base, double perLoad, double tpot, String tier, double gpuGb) {}

  private static final List<Answering> SERVERS =
      List.of(
          new Answering("recompute", 60, 16, 24, "", 40),
          new Answering("cpu", 40, 9, 25, "HOST_DRAM", 38),
          new Answering("gds", 30, 6, 26, "GDS", 36));

  private void paper() {
    for (double rate : RATES) {
      for (Answering server : SERVERS) {
        for (int repeat = 1; repeat <= 3; repeat++) {
          boolean limited = server.name.equals("gds") && rate == 12;
          String point = Double.isInfinite(rate) ? "rate=inf" : "rate=" + (int) rate;
          RunStarted.Builder started =
              started("paper", server, point, repeat)
                  .setLoad(new Load(LoadKind.OPEN, "poisson", rate, 1.0, null, null, Map.of()))
                  .setPasses(2);
          events.add(started.build());
          double load = Double.isInfinite(rate) ? 20 : rate;
          for (int ordinal = 0; ordinal < 24; ordinal++) {
            int pass = ordinal < 12 ? 1 : 2;
            boolean fails = server.name.equals("recompute") && load > 10 && ordinal % 4 == 3;
            request(server, ordinal, pass, load, 400, 6, fails);
          }
          samples(server, load);
          events.add(finished(limited ? Verdict.CLIENT_LIMITED : Verdict.VALID));
          events.add(new RunScored(run, startAt, "perplexity", 7 + server.tpot / 100, "test"));
        }
      }
    }
    alerts();
  }

  private void lengths() {
    for (Answering server : SERVERS.subList(0, 2)) {
      for (int input : new int[] {200, 1_000, 4_000}) {
        for (int output : new int[] {4, 8}) {
          for (int repeat = 1; repeat <= 3; repeat++) {
            int concurrency = input / 200;
            RunStarted.Builder started =
                started("lengths", server, "concurrency=" + concurrency, repeat)
                    .setParameters(
                        ordered(
                            "gpu-budget-gb",
                            "" + (16 + 4 * (input / 1_000)),
                            "kv-share",
                            "" + output / 8.0))
                    .setDeclared(
                        ordered(
                            "medium",
                            server.name,
                            "bandwidth",
                            "400g",
                            "arcc",
                            "on",
                            "traffic_direction",
                            "east_west",
                            "kv-bits",
                            output == 4 ? "8" : "16"))
                    .setLoad(
                        new Load(
                            LoadKind.CLOSED, "closed", null, null, concurrency, null, Map.of()));
            started.setCell(
                "%s in=%d out=%d concurrency=%d"
                    .formatted(server.name, input, output, concurrency));
            events.add(started.build());
            for (int ordinal = 0; ordinal < 8; ordinal++) {
              request(server, ordinal, 1, concurrency, input, output, false);
            }
            samples(server, concurrency);
            events.add(finished(Verdict.VALID));
          }
        }
      }
    }
  }

  private void engines() {
    for (String version : new String[] {"0.9", "0.10"}) {
      Answering server = version.equals("0.9") ? SERVERS.get(0) : SERVERS.get(1);
      for (int repeat = 1; repeat <= 3; repeat++) {
        RunStarted.Builder started =
            started(
                "engines",
                new Answering("hbm", server.base, server.perLoad, 20, "", 30),
                "rate=4",
                repeat);
        started.setServer(Server.newBuilder(started.getServer()).setEngineVersion(version).build());
        started.setLoad(new Load(LoadKind.OPEN, "poisson", 4.0, 1.0, null, null, Map.of()));
        events.add(started.build());
        for (int ordinal = 0; ordinal < 10; ordinal++) {
          request(server, ordinal, 1, 4, 400, 4, false);
        }
        events.add(finished(repeat == 3 && version.equals("0.10") ? Verdict.LOSSY : Verdict.VALID));
      }
    }
  }

  private RunStarted.Builder started(
      String experiment, Answering server, String point, int repeat) {
    run++;
    startAt += 600 * SECOND;
    return RunStarted.newBuilder(SampleRuns.started(run, server.name, point, repeat))
        .setAt(startAt)
        .setStartAt(startAt)
        .setId("%s-%s-%s-r%d-%d".formatted(experiment, server.name, point, repeat, run))
        .setExperiment(experiment)
        .setSeed(repeat)
        .setDeclared(ordered("medium", server.name))
        .setDerived(Map.of())
        .setWorkload(new Workload("prompts", null, "aa", "words", 6, true, Map.of()))
        .setSlo(new Slo(125 * MS, 30 * MS, 0.9))
        .setServer(
            new Server(
                "http://127.0.0.1:1/v1/completions",
                "openai-completions",
                "m",
                "vllm",
                "0.9",
                2,
                List.of(),
                Map.of()));
  }

  private void request(
      Answering server, int ordinal, int pass, double load, int input, int output, boolean fails) {
    long due = startAt + (long) (ordinal * SECOND / Math.max(load, 1));
    long sent = due + random.nextInt(400) * 1_000;
    RequestFinished.Builder end =
        RequestFinished.newBuilder()
            .setRun(run)
            .setOrdinal(ordinal)
            .setDueAt(due)
            .setSentAt(sent)
            .setPhase(Phase.MEASURE)
            .setPass(pass)
            .setTtftSloNanos(125 * MS)
            .setTpotSloNanos(30 * MS)
            .setTimeoutNanos(5 * SECOND)
            .setInputTokens(input);
    if (fails) {
      events.add(
          end.setOutcome(Outcome.HTTP_ERROR)
              .setStatus(503)
              .setError("overloaded")
              .setChunks(0)
              .setAt(sent + 3 * MS)
              .build());
      return;
    }
    boolean warm = pass == 2 && !server.tier.isEmpty();
    int cached = warm ? input * 3 / 4 : 0;
    double wait =
        server.base
            + server.perLoad * load * (0.6 + 0.8 * random.nextDouble())
            + (input - cached) * 0.02;
    long at = sent + (long) (wait * MS);
    long first = at;
    events.add(token(ordinal, 0, at, due, sent, null));
    for (int index = 1; index < output; index++) {
      boolean stalls = ordinal % 9 == 5 && index == 2;
      long gap =
          (long) ((server.tpot * (0.8 + 0.4 * random.nextDouble()) + (stalls ? 400 : 0)) * MS);
      at += gap;
      events.add(token(ordinal, index, at, due, sent, gap));
    }
    events.add(
        end.setOutcome(Outcome.OK)
            .setStatus(200)
            .setAt(at + MS)
            .setHeadersAt(sent + MS)
            .setFirstChunkAt(first)
            .setFirstContentAt(first)
            .setLastContentAt(at)
            .setDoneAt(at + MS)
            .setOutputTokens(output)
            .setCachedTokens(cached)
            .setCachedByTier(cached > 0 ? Map.of(server.tier, cached) : Map.of())
            .setChunks(output)
            .setFinishReason("length")
            .setOutputHash((long) (server.name.equals("gds") && ordinal % 5 == 0 ? 1 : ordinal + 2))
            .build());
  }

  private TokenReceived token(int ordinal, int index, long at, long due, long sent, Long gap) {
    return new TokenReceived(
        run,
        ordinal,
        index,
        at,
        1,
        gap,
        gap == null ? (Long) (at - due) : null,
        gap == null ? (Long) (at - sent) : null,
        index,
        1);
  }

  private void samples(Answering server, double load) {
    for (int second = 0; second < 4; second++) {
      long at = startAt + second * SECOND;
      sample(at, SampleSource.GPU, "DCGM_FI_DEV_FB_USED", server.gpuGb * 953.67 + second * load);
      sample(at, SampleSource.SERVER, "vllm:kv_cache_usage_perc", Math.min(1, load * second / 40));
      sample(at, SampleSource.SERVER, "vllm:num_preemptions_total", load > 10 ? second : 0);
      sample(at, SampleSource.SERVER, "vllm:request_queue_time_seconds_sum", second * load / 50);
      sample(at, SampleSource.SERVER, "vllm:request_prefill_time_seconds_sum", second * 0.2);
      sample(at, SampleSource.SERVER, "vllm:request_decode_time_seconds_sum", second * 0.6);
    }
  }

  private void sample(long at, SampleSource source, String name, double value) {
    events.add(new Sampled(run, at, source, name, Map.of(), value));
  }

  private void alerts() {
    events.add(new AlertRaised(run, startAt + 2 * SECOND, "slow", "ttft_p99_ms", 180.0, 125.0));
    events.add(new AlertCleared(run, startAt + 3 * SECOND, "slow", "ttft_p99_ms", 90.0));
    for (int second = 10; second <= 60; second += 10) {
      events.add(Windows.of(run, startAt / SECOND + second, 10, second == 50 ? 900 : 100 + second));
    }
  }

  private RunFinished finished(Verdict verdict) {
    return RunFinished.newBuilder(SampleRuns.finished(run, verdict))
        .setAt(startAt + 60 * SECOND)
        .build();
  }

  private static Map<String, String> ordered(String... entries) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      map.put(entries[i], entries[i + 1]);
    }
    return map;
  }
}
