package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kvasir.producer.workload.Source;
import dev.kvasir.producer.workload.TextDatasets;
import dev.kvasir.producer.workload.TokenRange;
import dev.kvasir.producer.workload.TraceFields;
import dev.kvasir.producer.workload.TraceTime;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanOptionTest {

  private static final PlanParser PARSER =
      new PlanParser(
          new TextDatasets(
              Map.of(
                  "/data/chats.json",
                  "[{\"conversations\": []}]",
                  "/data/trace.jsonl",
                  "{\"timestamp\": 0, \"input_length\": 9, \"output_length\": 1, \"hash_ids\": [1]}")),
          Set.of());

  @Test
  void options_make_the_plan_that_a_file_would() {
    Plan plan =
        parse(
            "--url=http://host:8000/v1/chat/completions --model=M --strategy=lmcache-cpu"
                + " --label=bandwidth=400g --label=medium=cpu --gpus=1 --experiment=E"
                + " --dataset=chats.json --prompts=1000 --output-len=512 --ignore-eos"
                + " --rate=2.5,5,inf --rate=20 --repeats=3 --seed=42 --ttft-slo=125ms"
                + " --tpot-slo=200ms --target=90% --header=X-Team=a=b --extra-body={\"top_k\":5}");

    Plan same =
        PARSER.parse(
            "plan.yaml",
            """
            experiment: E
            seed: 42
            repeats: 3
            slo: {ttft: 125ms, tpot: 200ms, target: 90%}
            workload: {file: chats.json, prompts: 1000, output-tokens: 512, ignore-eos: true}
            load: {rates: [2.5, 5, inf, 20]}
            strategies:
              - name: lmcache-cpu
                url: http://host:8000/v1/chat/completions
                model: M
                labels: {bandwidth: 400g, medium: cpu}
                gpus: 1
                headers: {X-Team: a=b}
                body: {top_k: 5}
            """);
    assertThat(plan).isEqualTo(same);
    assertThat(plan.strategies().getFirst().protocol()).isEqualTo(Protocol.OPENAI_CHAT);
  }

  @Test
  void vllms_spellings_mean_the_same() {
    String rest = " --experiment=E --strategy=s --url=http://h/v1/completions --model=M";

    assertThat(
            parse(
                "--dataset-name=sharegpt --dataset-path=chats.json --num-prompts=10"
                    + " --request-rate=5 --burstiness=0.5 --max-concurrency=4"
                    + " --sharegpt-output-len=7 --num-warmups=2 --disable-shuffle"
                    + rest))
        .isEqualTo(
            PARSER.parse(
                "plan.yaml",
                """
                experiment: E
                workload: {kind: sharegpt, file: chats.json, prompts: 10, output-tokens: 7, shuffle: false}
                load: {rates: 5, burstiness: 0.5, max-in-flight: 4}
                strategies: [{name: s, url: "http://h/v1/completions", model: M}]
                warm-up: {requests: 2}
                """));
    assertThat(parse("--dataset-name=random --random-input-len=9 --max-concurrency=4" + rest))
        .isEqualTo(parse("--input-len=9 --concurrency=4" + rest));
  }

  @Test
  void names_of_other_tools_for_protocols_and_limits_are_taken() {
    String rest = " --experiment=E --strategy=s --url=http://h/x --model=M --input-len=9 --rate=1";
    Plan plan = parse("--backend=vllm-chat --goodput=ttft:125 --goodput=tpot:62.5" + rest);

    assertThat(plan.strategies().getFirst().protocol()).isEqualTo(Protocol.OPENAI_CHAT);
    assertThat(plan.objective())
        .isEqualTo(new Objective(Duration.ofMillis(125), Duration.ofNanos(62_500_000), null));
    assertThat(parse("--protocol=sglang-generate --target=90%" + rest + " --goodput=ttft:125"))
        .isEqualTo(parse("--backend=sglang --ttft-slo=125ms --target=90%" + rest));
    assertThatThrownBy(() -> parse("--backend=openai --goodput=e2el:9" + rest))
        .hasMessageContaining("--goodput is e2el:9; it must be ttft:MS, tpot:MS or both");
  }

  @Test
  void problems_name_the_options() {
    assertThat(problems("--rate=-5,x --ttft-slo=125 --label=oops --dataset=none --simulate=p"))
        .containsExactlyInAnyOrder(
            "--label: --label is oops; it must be KEY=VALUE",
            "command line: --experiment is missing; give a name of at most 64 letters, digits,"
                + " dots, underscores and dashes",
            "--ttft-slo: --ttft-slo is 125; it must be a duration above 0 with its unit, such as"
                + " 125ms, 2s, 5m or 72h",
            "--dataset: --dataset is none, and there is no such file at /data/none; give the path"
                + " of a file that can be read, relative to the plan's folder",
            "--rate: --rate is -5; it must be above 0 requests per second, or inf",
            "--rate: --rate is x; it must be above 0 requests per second, or inf",
            "command line: --strategy is missing; give a name of at most 64 letters, digits, dots,"
                + " underscores and dashes");
    assertThat(problems(""))
        .anyMatch(problem -> problem.contains("--rate and --concurrency are missing"))
        .anyMatch(problem -> problem.contains("there is neither --url nor --simulate"))
        .anyMatch(problem -> problem.contains("--dataset-name and --dataset are missing"));
  }

  @Test
  void vllms_spellings_of_its_data_sets_are_understood() {
    String server = "--simulate=recompute --strategy=s --experiment=E --rate=1 ";

    assertThat(
            parse(
                    server
                        + "--dataset-name=prefix_repetition --prefix-repetition-prefix-len=256"
                        + " --prefix-repetition-suffix-len=128 --prefix-repetition-num-prefixes=10"
                        + " --prefix-repetition-output-len=64 --num-prompts=50")
                .workload())
        .isEqualTo(
            new WorkloadSpec(
                new Source.Synthetic(TokenRange.exactly(384), 10, 256),
                50,
                TokenRange.exactly(64),
                false,
                null));
    assertThat(
            parse(
                    server
                        + "--dataset-name=random --random-input-len=100 --random-range-ratio=0.25"
                        + " --random-output-len=7 --random-prefix-len=50")
                .workload()
                .source())
        .isEqualTo(new Source.Synthetic(new TokenRange(125, 175), 1, 50));
    assertThat(
            parse(
                    server
                        + "--dataset-name=timed_trace --dataset-path=trace.jsonl"
                        + " --timed-trace-sec-multiplier=0.001 --timed-trace-chunk-hash-size=512")
                .workload()
                .source())
        .isEqualTo(
            new Source.Trace("/data/trace.jsonl", TraceTime.MS, 512, TraceFields.USUAL, false));
    assertThat(
            parse(
                    server
                        + "--dataset-name=generated-shared-prefix --gsp-num-groups=4"
                        + " --gsp-prompts-per-group=3 --gsp-system-prompt-len=64"
                        + " --gsp-question-len=16 --gsp-output-len=8")
                .workload()
                .prompts())
        .isEqualTo(12);
  }

  @Test
  void every_spelling_belongs_to_one_option() {
    assertThat(PlanOption.all().stream().flatMap(option -> option.flags().stream()))
        .doesNotHaveDuplicates()
        .allMatch(flag -> flag.matches("--[a-z][a-z-]+"));
    assertThat(PlanOption.all())
        .allMatch(option -> !option.description().isBlank())
        .filteredOn(option -> option.valueLabel() == null)
        .containsExactlyInAnyOrder(
            WorkloadOption.IGNORE_EOS,
            WorkloadOption.LENIENT,
            WorkloadOption.DISABLE_SHUFFLE,
            StrategyOption.TLS_INSECURE,
            StrategyOption.NVIDIA_SMI,
            ExperimentOption.RECORD_TEXT);
  }

  private static Plan parse(String line) {
    Map<PlanOption, List<String>> options = new LinkedHashMap<>();
    for (String word : line.isBlank() ? new String[0] : line.strip().split(" +")) {
      String[] parts = word.split("=", 2);
      PlanOption option =
          PlanOption.all().stream()
              .filter(candidate -> candidate.flags().contains(parts[0]))
              .findFirst()
              .orElseThrow();
      options
          .computeIfAbsent(option, _ -> new ArrayList<>())
          .add(parts.length == 1 ? "" : parts[1]);
    }
    return PARSER.parse(options);
  }

  private static List<String> problems(String line) {
    InvalidPlanException invalid =
        catchThrowableOfType(InvalidPlanException.class, () -> parse(line));
    assertThat(invalid).as("the options are refused").isNotNull();
    return invalid.problems().stream().map(Problem::text).toList();
  }
}
