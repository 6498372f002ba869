package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunLabelled;
import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Server;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.sink.question.BoundQuestion;
import dev.kvasir.sink.question.Question;
import dev.kvasir.sink.question.Questions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every question, on a small warehouse whose numbers are computed by hand. */
class QuestionsTest {

  private static final long MS = 1_000_000;
  private static final long T = SampleRuns.START;

  @TempDir Path folder;
  private WarehouseFixture warehouse;

  @BeforeEach
  void fill() throws Exception {
    warehouse = new WarehouseFixture(folder);
    List<SpecificRecord> events = new ArrayList<>();
    addRun(events, 1, "cpu", 1, 100, Verdict.VALID);
    addRun(events, 2, "cpu", 2, 300, Verdict.OVERLOADED);
    addRun(events, 3, "cpu", 3, 9_000, Verdict.CLIENT_LIMITED);
    addRun(events, 4, "gds", 1, 50, Verdict.CLIENT_LIMITED);
    warehouse.load(events);
  }

  @AfterEach
  void close() {
    warehouse.close();
  }

  /**
   * Two measured requests, due 1 s apart and sent at once: one with its first token after ttft ms,
   * a second one after 20 ms and a third after 40 ms more, and one that fails.
   */
  private static void addRun(
      List<SpecificRecord> events, long run, String strategy, int repeat, long ttft, Verdict end) {
    events.add(SampleRuns.started(run, strategy, "rate=2.5", repeat));
    long first = T + ttft * MS;
    for (int ordinal : new int[] {-1, 0}) {
      int flags = ordinal < 0 ? 0 : 1;
      events.add(
          new TokenReceived(run, ordinal, 0, first, 1, null, ttft * MS, ttft * MS, 4, flags));
      events.add(
          new TokenReceived(run, ordinal, 1, first + 20 * MS, 1, 20 * MS, null, null, 5, flags));
      events.add(
          new TokenReceived(run, ordinal, 2, first + 60 * MS, 1, 40 * MS, null, null, 6, flags));
      events.add(
          request(run, ordinal, T)
              .setOutcome(Outcome.OK)
              .setFirstContentAt(first)
              .setLastContentAt(first + 60 * MS)
              .setAt(first + 60 * MS)
              .setOutputTokens(3)
              .setChunks(3)
              .build());
    }
    events.add(
        request(run, 1, T + 1_000 * MS)
            .setOutcome(Outcome.HTTP_ERROR)
            .setStatus(500)
            .setAt(T + 1_000 * MS)
            .setChunks(0)
            .build());
    events.add(SampleRuns.finished(run, end));
  }

  private static RequestFinished.Builder request(long run, int ordinal, long due) {
    return RequestFinished.newBuilder()
        .setRun(run)
        .setOrdinal(ordinal)
        .setDueAt(due)
        .setSentAt(due)
        .setInputTokens(10)
        .setPhase(ordinal < 0 ? Phase.WARM_UP : Phase.MEASURE)
        .setTtftSloNanos(200 * MS)
        .setTpotSloNanos(30 * MS)
        .setTimeoutNanos(5_000 * MS);
  }

  @Test
  void cellsAreMeansOfTheirCountedRunsAndNameEveryVerdict() {
    QueryResult cells = ask("cells", Map.of("experiment", "exp"));

    Map<String, Object> cpu = row(cells, 0);
    assertThat(cpu)
        .containsEntry("cell", "cpu rate=2.5")
        .containsEntry("repeats", 2L)
        .containsEntry("n", 4L)
        .containsEntry("failures", 2L)
        .containsEntry("p50_ttft_ms", (2550.0 + 2650.0) / 2)
        .containsEntry("p90_ttft_ms", (4510.0 + 4530.0) / 2)
        .containsEntry("p99_itl_ms", 5_000 / 15.0)
        .containsEntry("p90_tpot_ms", 303.0)
        .containsEntry("tokens_per_s", 3.0)
        .containsEntry("attainment", 0.25)
        .containsEntry("verdicts", "client-limited×1 overloaded×1 valid×1");
    Map<String, Object> gds = row(cells, 1);
    assertThat(gds)
        .containsEntry("cell", "gds rate=2.5")
        .containsEntry("repeats", 1L)
        .containsEntry("p50_ttft_ms", 2525.0)
        .containsEntry("verdicts", "client-limited×1");
  }

  @Test
  void abortedRunsCountOnlyInACellThatHasNothingElse() throws Exception {
    List<SpecificRecord> events = new ArrayList<>();
    addRun(events, 5, "gds", 2, 7_000, Verdict.ABORTED);
    addRun(events, 6, "tape", 1, 70, Verdict.ABORTED);
    warehouse.load(events);

    QueryResult cells = ask("cells", Map.of("experiment", "exp"));

    assertThat(row(cells, 1))
        .containsEntry("cell", "gds rate=2.5")
        .containsEntry("repeats", 1L)
        .containsEntry("p50_ttft_ms", 2525.0)
        .containsEntry("verdicts", "aborted×1 client-limited×1");
    assertThat(row(cells, 2))
        .containsEntry("cell", "tape rate=2.5")
        .containsEntry("repeats", 1L)
        .containsEntry("verdicts", "aborted×1");
    assertThat(warehouse.query("SELECT run FROM counted_runs WHERE verdict = 'aborted'").rows())
        .containsExactly(List.of(6L));
  }

  @Test
  void compareTakesTheRepeatAsItsUnitAndSaysWhatItLeftOut() {
    QueryResult compared = ask("compare", Map.of("experiment", "exp", "baseline", "cpu"));

    assertThat(row(compared, 0))
        .containsEntry("strategy", "cpu")
        .containsEntry("repeats", 2L)
        .containsEntry("left_out", 1L)
        .containsEntry("p99_ttft_ms", 4952.0)
        .containsEntry("std_p99_ttft_ms", 1.0)
        .containsEntry("censored", true)
        .containsEntry("few", true)
        .containsEntry("attainment", 0.25)
        .containsEntry("ttft_ratio", 1.0);
    assertThat(row(compared, 1))
        .containsEntry("strategy", "gds")
        .containsEntry("p99_ttft_ms", null);
  }

  @Test
  void whatAServerThatFailedLeftUnknownIsNoDifference() throws Exception {
    assertThat(ask("differences", Map.of("experiment", "exp")).rows()).isEmpty();
    RunStarted failed = withoutEngine(SampleRuns.started(5, "hbm", "rate=2.5", 1));
    warehouse.load(List.of(failed, SampleRuns.finished(5, Verdict.SERVER_FAILED)));

    assertThat(ask("differences", Map.of("experiment", "exp")).rows()).isEmpty();

    RunStarted silent = withoutEngine(SampleRuns.started(6, "disk", "rate=2.5", 1));
    warehouse.load(List.of(silent, SampleRuns.finished(6, Verdict.VALID)));
    assertThat(ask("differences", Map.of("experiment", "exp")).rows())
        .contains(List.of("engine", "exp/cpu", "vllm"), List.of("engine", "exp/disk", "unknown"))
        .noneMatch(row -> "exp/hbm".equals(row.get(1)));
  }

  private static RunStarted withoutEngine(RunStarted started) {
    Server silent = Server.newBuilder(started.getServer()).setEngine(null).build();
    return RunStarted.newBuilder(started).setServer(silent).build();
  }

  @Test
  void runsShowTheirConfigurationLabelsAndRetraction() throws Exception {
    warehouse.load(
        List.of(
            RunLabelled.newBuilder().setRun(1).setAt(T).setLabels(labels("x", "1")).build(),
            RunLabelled.newBuilder().setRun(1).setAt(T).setLabels(labels("medium", null)).build(),
            new RunRetracted(2L, T, "wrong cable")));

    QueryResult runs = ask("runs", Map.of());

    assertThat(runs.column("id")).hasSize(4);
    Map<String, Object> first = row(runs, runs.column("id").indexOf("exp-cpu-rate=2.5-r1-1"));
    assertThat(first)
        .containsEntry("parallelism", "tensor-parallel-size=2")
        .containsEntry("file", "prompts.jsonl")
        .containsEntry("model", "m")
        .containsEntry("labels", Map.of("bandwidth", "400g", "x", "1"));
    Map<String, Object> second = row(runs, runs.column("id").indexOf("exp-cpu-rate=2.5-r2-2"));
    assertThat(second)
        .containsEntry("verdict", "retracted")
        .containsEntry("reasons", List.of("because", "wrong cable"));
  }

  @Test
  void aRunThatADurationEndedShowsWhatItsRequestsCameTo() throws Exception {
    RunStarted started =
        RunStarted.newBuilder(SampleRuns.started(9, "cpu", "rate=2.5-for=60s", 1))
            .setPlannedRequests(null)
            .build();
    RunFinished finished =
        RunFinished.newBuilder(SampleRuns.finished(9, Verdict.VALID))
            .setOutcomes(Map.of("OK", 140L, "TIMEOUT", 3L))
            .build();
    warehouse.load(List.of(started));
    assertThat(row(ask("runs", Map.of()), ofRun(started)).get("requests")).isNull();

    warehouse.load(List.of(finished));

    assertThat(row(ask("runs", Map.of()), ofRun(started))).containsEntry("requests", 143L);
  }

  private int ofRun(RunStarted run) throws Exception {
    return ask("runs", Map.of()).column("id").indexOf(run.getId());
  }

  @Test
  void truthComparesStampsAndGapsWithTheEmissionLog() throws Exception {
    Path log = folder.resolve("emissions.csv");
    String id = "exp-cpu-rate=2.5-r1-1/0";
    Files.write(
        log,
        List.of(
            "server,request_id,index,tokens,intended_nanos,emitted_nanos",
            "s," + id + ",0,1,0," + (T + 99 * MS),
            "s," + id + ",1,1,0," + (T + 118 * MS),
            "s," + id + ",2,1,0," + (T + 159 * MS),
            "s,exp-cpu-rate=2.5-r1-1/-1,0,1,0,5"));

    QueryResult truth = askOver(log, "truth", Map.of("experiment", "exp"));

    assertThat(row(truth, 0))
        .containsEntry("metric", "ttft")
        .containsEntry("measured", 4L)
        .containsEntry("emitted", 1L)
        .containsEntry("matched", 1L)
        .containsEntry("mean_error_ms", 1.0);
    assertThat(row(truth, 1))
        .containsEntry("metric", "itl")
        .containsEntry("measured", 8L)
        .containsEntry("matched", 2L)
        .containsEntry("mean_error_ms", 0.0)
        .containsEntry("p50_error_ms", 1.0)
        .containsEntry("max_error_ms", 1.0);
  }

  @Test
  void aBrokenEmissionLogIsNamedByFileAndLine() throws Exception {
    Path log = folder.resolve("emissions.csv");
    Files.write(
        log,
        List.of(
            "server,request_id,index,tokens,intended_nanos,emitted_nanos",
            "s,\"a,\"\"b/0\",0,1,2"));

    assertThatThrownBy(() -> askOver(log, "truth", Map.of()))
        .isInstanceOf(WarehouseException.class)
        .hasMessageContaining("emissions.csv:2")
        .hasMessageContaining("6 cells");
  }

  static List<Question> questions() {
    return Questions.all();
  }

  @ParameterizedTest
  @MethodSource("questions")
  void aQuestionSaysWhatItMeans(Question question) {
    assertThat(question.title()).isNotBlank();
    assertThat(question.meaning()).endsWith(".");
    assertThat(question.parameters()).allSatisfy(p -> assertThat(p.meaning()).isNotBlank());
  }

  @Test
  void parametersThatAreMissingOrUnknownAreNamed() {
    Question speedup = Questions.named("speedup").orElseThrow();

    assertThatThrownBy(() -> speedup.bind(Map.of())).hasMessageContaining("needs --baseline");
    assertThatThrownBy(() -> speedup.bind(Map.of("experimnt", "x")))
        .hasMessageContaining("no parameter experimnt")
        .hasMessageContaining("experiment");
  }

  @Test
  void limitsAndSharesAreReadAsPeopleWriteThem() {
    Question goodput = Questions.named("goodput").orElseThrow();

    assertThat(
            goodput
                .bind(Map.of("ttft_slo", "0.5s", "tpot_slo", "40ms", "target", "95%"))
                .values()
                .subList(1, 4))
        .containsExactly(500.0, 40.0, 0.95);
    assertThat(goodput.bind(Map.of("target", "90")).values().get(3)).isEqualTo(0.9);
    for (String wrong : List.of("-1", "nan", "soon", "150%")) {
      assertThatThrownBy(() -> goodput.bind(Map.of("target", wrong)))
          .hasMessageContaining("--target is " + wrong)
          .hasMessageContaining("such as 90% or 0.9");
    }
    assertThatThrownBy(
            () -> Questions.named("pareto").orElseThrow().bind(Map.of("convention", "best")))
        .hasMessageContaining("--convention is best; expected one of latency, user");
  }

  private QueryResult ask(String name, Map<String, String> parameters) {
    BoundQuestion question = Questions.named(name).orElseThrow().bind(parameters);
    return warehouse.reader().query(question.sql(), question.values());
  }

  private QueryResult askOver(Path log, String name, Map<String, String> parameters) {
    BoundQuestion question = Questions.named(name).orElseThrow().bind(parameters);
    return warehouse.reader().overEmissions(List.of(log), question.sql(), question.values());
  }

  private static Map<String, Object> row(QueryResult result, int place) {
    Map<String, Object> row = new HashMap<>();
    for (int i = 0; i < result.columns().size(); i++) {
      row.put(result.columns().get(i).name(), result.rows().get(place).get(i));
    }
    return row;
  }

  private static Map<String, String> labels(String key, String value) {
    Map<String, String> labels = new HashMap<>();
    labels.put(key, value);
    return labels;
  }
}
