package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.arrival.RateCurve;
import dev.kvasir.producer.arrival.RateCurve.Shape;
import dev.kvasir.producer.arrival.RateCurve.Step;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.arrival.ThinkTime;
import dev.kvasir.producer.arrival.Timing;
import dev.kvasir.producer.workload.DatasetException;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.producer.workload.PromptSet;
import dev.kvasir.producer.workload.TextDatasets;
import dev.kvasir.producer.workload.Workloads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the key {@code load} of a plan means, and what its runs send. */
class LoadsTest {

  private static final TextDatasets DATASETS =
      new TextDatasets(
          Map.of(
              "/data/day.yaml",
              "- {rate: 2, for: 10s}\n- {rate: 5, for: 4s}\n",
              "/data/My Times.csv",
              "ordinal,due_ns\n0,5\n1,7\n2,7\n",
              "/data/times.jsonl",
              "{\"due_s\": 0.5}\n{\"due_s\": 1.25, \"text\": \"x\"}\n",
              "/data/back.csv",
              "due_ns\n5\n4\n"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{rates: [2.5, inf]} | rate=2.5 rate=inf",
        "{rates: 20, arrivals: constant, max-in-flight: 4} | rate=20-constant-cap=4",
        "{ramp: {from: 1, to: 20}} | ramp=1..20",
        "{ramp: [{shape: exponential, from: 1, to: 2.5}]} | ramp-exp=1..2.5",
        "{steps: [{rate: 2, for: 90s}, {rate: 2, to: 8, for: 500ms}]} | steps=2x90s_2..8x0.5s",
        "{steps: day.yaml, burstiness: 0.5} | steps=2x10s_5x4s-burstiness=0.5",
        "{trace-speed: [1, 2.5]} | trace-speed=1 trace-speed=2.5",
        "{schedule: [My Times.csv, times.jsonl]} | schedule=my-times schedule=times",
        "{concurrency: [1, 4], max-rate: 5} | concurrency=1-rate=5 concurrency=4-rate=5",
        "{burst: 16, rounds: 20} | burst=16-rounds=20",
        "{rates: 5, passes: 10, pause: 5s} | rate=5-passes=10",
        "{rates: 5, duration: 1m} | rate=5-for=60s",
        "{concurrency: 2, think-time: 500ms, duration: 5s} | concurrency=2-for=5s-think=0.5s"
      })
  void every_load_point_has_a_short_text(String load, String points) {
    Plan plan = plan(load);

    assertThat(Matrix.of(plan).runs().stream().map(RunSpec::loadPoint).toList())
        .containsExactly(points.split(" "))
        .allMatch(point -> point.matches("[a-z0-9.=_-]+"));
    assertThat(parse(PlanText.of(plan)))
        .as("a plan that is written out is read as the same")
        .isEqualTo(plan);
  }

  @Test
  void the_parts_of_a_load_are_read() {
    assertThat(plan("{ramp: {shape: exponential, from: 1, to: 8}, burstiness: 2}").loads())
        .containsExactly(
            new LoadPoint.Open(
                new Timing.Rated(
                    new ArrivalProcess.Gamma(2), new RateCurve.Ramp(Shape.EXPONENTIAL, 1, 8)),
                null));
    assertThat(plan("{steps: day.yaml}").loads())
        .containsExactly(
            new LoadPoint.Open(
                new Timing.Rated(
                    new ArrivalProcess.Poisson(),
                    new RateCurve.Steps(
                        List.of(
                            new Step(2, 2, Duration.ofSeconds(10)),
                            new Step(5, 5, Duration.ofSeconds(4))))),
                null));
    assertThat(plan("{schedule: times.jsonl}").loads())
        .containsExactly(
            new LoadPoint.Open(
                new Timing.Listed(
                    "times",
                    "/data/times.jsonl",
                    Schedule.at(List.of(500_000_000L, 1_250_000_000L))),
                null));
    assertThat(plan("{rates: 1, passes: 3, pause: 5s, think-time: 1s}").play())
        .isEqualTo(
            new Play(3, Duration.ofSeconds(5), null, ThinkTime.exactly(Duration.ofSeconds(1))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{burst: 4, duration: 1s} | its rounds say when it ends",
        "{rates: inf, duration: 1s} | everything is sent at once",
        "{ramp: {from: 1, to: 2}, duration: 1s} | its prompts say when it ends",
        "{concurrency: 4, duration: 1s, passes: 2} | sends as many prompts as it can",
        "{schedule: none.csv} | there is no such file at /data/none.csv",
        "{schedule: back.csv} | back.csv: line 3 has 4 ns, and a line above it 5 ns; sort the lines",
        "{schedule: day.yaml} | names no column `due_ns` or `due_s`",
        "{steps: none.yaml} | there is no such file at /data/none.yaml",
        "{steps: [{rate: 0, for: 1s}]} | the steps ask for 0.0 requests",
        "{rates: [2, 4], prompts: {3: 5}} | it must be one or more of rate=2, rate=4, s",
        "{rates: 4, ramp: {from: 1, to: 2, step: 1}} | `step` is not a key of load.ramp",
        "{concurrency: 4, max-in-flight: 4} | without rates, concurrency is the limit"
      })
  void what_does_not_fit_together_is_said(String load, String said) {
    assertThat(catchThrowableOfType(InvalidPlanException.class, () -> plan(load)).getMessage())
        .contains(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"search", "slo: {target: 90%}\nsearch"})
  void a_search_needs_limits_that_requests_attain(String search) {
    assertThatThrownBy(() ->
            parse(
                """
                experiment: e
                workload: {input-tokens: 20}
                strategies: [{name: s, simulate: recompute}]
                %s: {from: 1, to: 4, target: 90%%}
                """
                    .formatted(search)))
        .hasMessageContaining("search is given without a limit to attain: slo.ttft and slo.tpot")
        .hasMessageContaining("give at least one of them, such as slo: {ttft: 250ms}");
  }

  @Test
  void prompts_are_set_for_single_load_points() {
    Plan plan = plan("{rates: [2, 4, inf], prompts: {2: 5, rate=inf: 70}}");

    assertThat(Matrix.of(plan).runs().stream().map(run -> run.requests().orElse(-1)).toList())
        .containsExactly(5, 10, 70);
  }

  @Test
  void a_plan_knows_how_many_requests_its_loads_make_and_how_long_they_take() {
    assertThat(only("{rates: 4, passes: 3, pause: 2s, arrivals: constant}").requests())
        .hasValue(30);
    assertThat(only("{rates: 4, passes: 3, pause: 2s, arrivals: constant}").scheduledDuration())
        .hasValue(Duration.ofMillis(3 * 2500 + 2 * 2000));
    assertThat(only("{rates: 4, duration: 1m, arrivals: constant}").requests()).hasValue(240);
    assertThat(only("{steps: day.yaml}").requests()).hasValue(40);
    assertThat(only("{steps: day.yaml}").scheduledDuration()).hasValue(Duration.ofSeconds(14));
    assertThat(only("{burst: 16, rounds: 20}").requests()).hasValue(320);
    assertThat(only("{burst: 16}").requests()).hasValue(10);
    assertThat(only("{burst: 16}").scheduledDuration()).isEmpty();
    assertThat(only("{concurrency: 2, duration: 3s}").requests()).isEmpty();
    assertThat(only("{concurrency: 2, duration: 3s}").scheduledDuration())
        .hasValue(Duration.ofSeconds(3));
    assertThat(only("{schedule: My Times.csv}").requests()).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{sessions: 12, turns: 5, input-tokens: 8, output-tokens: 4}",
        "{prompts: 11, turns: 3, input-tokens: 8, output-tokens: 4}",
        "{prompts: 7, input-tokens: 8}"
      })
  void a_plan_counts_what_its_runs_send(String workload) {
    for (String load :
        List.of(
            "{rates: 4}",
            "{rates: 4, passes: 3}",
            "{rates: 4, duration: 5s, passes: 2}",
            "{steps: day.yaml}",
            "{schedule: My Times.csv}",
            "{ramp: {from: 1, to: 2}}",
            "{burst: 4, rounds: 5}",
            "{concurrency: 2}")) {
      Plan plan = plan(workload, load);
      RunSpec run = Matrix.of(plan).runs().getFirst();
      Course course = Course.of(run, run.prompts(Workloads.load(plan.workloads(), DATASETS)));

      assertThat(run.size())
          .as(load)
          .isEqualTo(new RunSize.Exactly((long) course.requests() * run.play().passes()));
      if (course.schedule() != null && run.play().passes() == 1) {
        assertThat(run.scheduledDuration())
            .as(load)
            .hasValue(Duration.ofNanos(course.schedule().lastDueNanos()));
      }
    }
  }

  @Test
  void what_a_plan_cannot_count_it_says_so() {
    String drawn = "{prompts: 40, turns: 1..7, input-tokens: 8, output-tokens: 4}";

    assertThat(only("{concurrency: 2, duration: 3s}").size())
        .isEqualTo(new RunSize.AsManyAsFit(Duration.ofSeconds(3)));
    assertThat(only("{trace-speed: 1, duration: 3s}").size())
        .isEqualTo(new RunSize.AsManyAsFit(Duration.ofSeconds(3)));
    assertThat(Matrix.of(plan(drawn, "{rates: 4}")).runs().getFirst().size())
        .isEqualTo(new RunSize.Exactly(40));
    assertThat(Matrix.of(plan(drawn, "{steps: [{rate: 4, for: 5s}]}")).runs().getFirst().size())
        .as("20 sessions of 4 turns at the mean")
        .isEqualTo(new RunSize.About(80));
  }

  @Test
  void a_length_of_time_sends_the_prompts_over_and_over_again() {
    RunSpec run = only("{rates: 4, duration: 1m, arrivals: constant}");

    Course course = Course.of(run, prompts(7));

    assertThat(course.endless()).isTrue();
    assertThat(course.schedule().size()).isEqualTo(240);
    assertThat(course.prompts()).hasSize(7);
    assertThat(course.prompt(7)).isEqualTo(course.prompt(0));
    assertThat(course.scheduleNanos()).isEqualTo(60_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{steps: [{rate: 50, for: 72h}]}",
        "{rates: 50, duration: 72h, passes: 2}",
        "{rates: 5000, duration: 72h}",
        "{schedule: My Times.csv, duration: 72h, passes: 2}"
      })
  void more_requests_than_memory_holds_are_refused(String load) {
    assertThatThrownBy(() -> only(load)).hasMessageContaining("requests; at most 1");
  }

  @Test
  void passes_of_a_length_of_time_are_alike() {
    Course pass =
        Course.of(only("{rates: 4, duration: 1m, passes: 2, arrivals: constant}"), prompts(7));

    assertThat(pass.requests()).isEqualTo(240);
    assertThat(pass.prompts()).hasSize(240);
    assertThat(pass.prompts().get(7)).isEqualTo(pass.prompts().get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{sessions: 12, turns: 4, input-tokens: 8, output-tokens: 4}",
        "{input-tokens: 50, kv-bytes: 24KB, kv-bytes-per-token: 10B, output-tokens: 4}"
      })
  void sessions_and_amounts_of_kv_say_what_is_drawn_whatever_the_load(String workload) {
    assertThat(
            Stream.of(
                    "{rates: 4}",
                    "{steps: day.yaml}",
                    "{schedule: My Times.csv}",
                    "{burst: 7, rounds: 3}")
                .map(load -> drawn(workload, load)))
        .containsOnly(48);
  }

  private static int drawn(String workload, String load) {
    Plan plan = plan(workload, load);
    return Matrix.of(plan)
        .runs()
        .getFirst()
        .prompts(Workloads.load(plan.workloads(), DATASETS))
        .measured()
        .size();
  }

  @Test
  void the_arrivals_of_sessions_are_their_first_turns() {
    PromptSet sessions =
        new PromptSet(
            List.of(prompt(0, 0), prompt(0, 1), prompt(1, 0), prompt(1, 1)),
            List.of(),
            0,
            "hash",
            null);

    Course once = Course.of(only("{rates: 4, arrivals: constant}"), sessions);
    Course steps = Course.of(only("{steps: [{rate: 1, for: 3s}]}"), sessions);

    assertThat(once.requests()).isEqualTo(4);
    assertThat(once.scheduleNanos()).isEqualTo(500_000_000L);
    assertThat(steps.requests()).isEqualTo(6);
  }

  @Test
  void a_trace_is_replayed_at_its_speed() {
    PromptSet trace =
        new PromptSet(
            List.of(prompt(null, null), prompt(null, null), prompt(null, null)),
            List.of(),
            0,
            "hash",
            List.of(0L, 1_000_000_000L, 5_000_000_000L));

    assertThat(Course.of(only("{trace-speed: 2}"), trace).scheduleNanos())
        .isEqualTo(2_500_000_000L);
    assertThat(Course.of(only("{trace-speed: 2, duration: 1s}"), trace).requests()).isEqualTo(2);
    assertThat(Course.of(only("{trace-speed: 1, duration: 14s}"), trace))
        .as("begun anew when it has ended, a mean gap later")
        .isEqualTo(
            new Course(
                trace.measured(),
                Schedule.at(
                    Stream.of(0L, 1_000L, 5_000L, 7_500L, 8_500L, 12_500L)
                        .map(millis -> millis * 1_000_000)
                        .toList()),
                null));
    assertThatThrownBy(() -> Course.of(only("{trace-speed: 1}"), prompts(3)))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("the workload has none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the file is empty",
        "' \n\n' | the file is empty",
        "'due_ns\n' | no time follows line 1",
        "'0\n5' | line 1 is `0` and names no column `due_ns` or `due_s`",
        "'n,due_ns\n0\n' | line 2 has 1 of at least 2 columns",
        "'due_s\n0.5\nsoon' | line 3 has `soon` for a time, which is no number",
        "'due_s\n0.5\n\n-1' | line 4 has -1000000000 ns; times count from the start",
        "'{\"due_s\": 2}\n{\"due_s\": 1}' | line 2 has 1000000000 ns, and a line above it 2000000000",
        "'{\"due_s\": 2}\n{' | line 2 is not JSON",
        "'{\"timestamp\": 2}' | line 1 has no number `due_ns` or `due_s`"
      })
  void what_is_wrong_in_a_schedule_is_named_by_its_line(String text, String said) {
    assertThatThrownBy(() -> ScheduleFile.read(text)).hasMessageContaining(said);
    assertThatThrownBy(() -> ScheduleFile.read("due_ns\n\0")).hasMessage("this is no text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{rates: 20}", "{steps: day.yaml}", "{ramp: {from: 1, to: 9}}"})
  void an_exported_schedule_is_read_back_as_the_same(String load) {
    Schedule schedule = Course.of(only(load), prompts(10)).schedule();

    assertThat(ScheduleFile.read(ScheduleFile.csv(schedule).collect(Collectors.joining("\n"))))
        .isEqualTo(schedule);
  }

  private static PromptSet prompts(int count) {
    return new PromptSet(
        IntStream.range(0, count).mapToObj(i -> prompt(null, null)).toList(), List.of(), 0, "hash");
  }

  private static Prompt prompt(@Nullable Integer session, @Nullable Integer turn) {
    return new Prompt(List.of(new Message("user", "hi")), 1, 8, session, turn, null);
  }

  private static RunSpec only(String load) {
    return Matrix.of(plan(load)).runs().getFirst();
  }

  private static Plan plan(String load) {
    return plan("{input-tokens: 20, prompts: 10}", load);
  }

  private static Plan plan(String workload, String load) {
    return parse(
        """
        experiment: e
        repeats: 1
        workload: %s
        load: %s
        strategies: [{name: s, simulate: recompute}]
        """
            .formatted(workload, load));
  }

  private static Plan parse(String yaml) {
    return new PlanParser(DATASETS, Set.of()).parse("plan.yaml", yaml);
  }
}
