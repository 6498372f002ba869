package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.producer.workload.TextDatasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan says of keys, certificates, samples and caches. */
class ServerAccessPlanTest {

  private static final PlanParser PARSER =
      new PlanParser(new TextDatasets(Map.of("/data/key", "k", "/data/ca.pem", "c")), Set.of());

  @Test
  void everything_that_is_said_is_read_and_written_again() {
    Plan plan =
        plan(
            """
            cache:
              salt: repeat
              reset: [auto, vllm, {url: /flush, method: put}, {command: "rm -rf /tmp/kv"}]
            """,
            """
            api-key: {env: OPENAI_API_KEY}
            tls: {ca: ca.pem}
            metrics: [http://h:8000/metrics, http://h:8080/metrics]
            gpu: {dcgm: "http://h:9400/metrics", nvidia-smi: true}
            reset: [sglang]
            """);

    assertThat(plan.cache())
        .isEqualTo(
            new CachePolicy(
                CachePolicy.Salting.REPEAT,
                List.of(
                    new CacheReset.ByEngine(),
                    CacheReset.Known.VLLM,
                    new CacheReset.Call("PUT", "/flush"),
                    new CacheReset.Command("rm -rf /tmp/kv")),
                true));
    Strategy strategy = plan.strategies().getFirst();
    assertThat(strategy.access())
        .isEqualTo(
            new Access(new ApiKey.Environment("OPENAI_API_KEY"), Map.of(), "/data/ca.pem", false));
    assertThat(strategy.probes())
        .isEqualTo(
            new Probes(
                List.of("http://h:8000/metrics", "http://h:8080/metrics"),
                "http://h:9400/metrics",
                "nvidia-smi"));
    assertThat(plan.cache().with(strategy.resets()).resets())
        .containsExactly(CacheReset.Known.SGLANG);
    assertThat(PARSER.parse("text", PlanText.of(plan))).isEqualTo(plan);
  }

  @Test
  void what_is_not_said_is_open() {
    Plan plan =
        plan("", "tls: {insecure: true}\napi-key: {file: key}\ngpu: {nvidia-smi: /x/smi}\n");

    assertThat(plan.cache()).isEqualTo(CachePolicy.OPEN);
    assertThat(plan.strategies().getFirst().access())
        .isEqualTo(new Access(new ApiKey.File("/data/key"), Map.of(), null, true));
    assertThat(plan.strategies().getFirst().probes().nvidiaSmi()).isEqualTo("/x/smi");
    assertThat(PARSER.parse("text", PlanText.of(plan))).isEqualTo(plan);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api-key: sk-hidden",
        "api-key: {env: sk-hidden}",
        "api-key: {file: sk-hidden}",
        "api-key: {env: A, file: key, value: 1}",
        "api-key: {}",
        "headers: {X-Foo: {env: sk-hidden}}",
        "headers: {X-Foo: {file: sk-hidden}}",
        "headers: {X-Foo: [sk-hidden]}",
        "headers: {Authorization: {env: A}}\napi-key: {env: A}",
        "metrics: 'http://h:1/metrics#sk-hidden'",
        "metrics: 'user:sk-hidden@h:1/metrics'",
        "reset: [{url: 'http://user:sk-hidden@h/reset'}]",
        "api-key: [sk-hidden]",
        "headers: {Authorization: sk-hidden}\napi-key: {env: A}",
        "headers: {X-Key: \"sk-hidden\\nx\"}",
        "tls: {ca: none.pem}",
        "tls: {ca: ca.pem, insecure: true}",
        "metrics: host:8000",
        "gpu: {dcgm: 1}",
        "gpu: {rocm: true}",
        "reset: [everything]",
        "reset: [{url: flush}]",
        "reset: [{url: /flush, command: x}]",
        "reset: [{command: x, method: GET}]"
      })
  void what_is_wrong_is_told_without_showing_what_might_be_a_key(String wrong) {
    InvalidPlanException refused =
        catchThrowableOfType(InvalidPlanException.class, () -> plan("", wrong + "\n"));

    assertThat(refused).isNotNull();
    assertThat(refused.problems()).isNotEmpty();
    assertThat(refused.toString() + refused.problems()).doesNotContain("sk-hidden");
  }

  @Test
  void a_policy_of_another_word_is_refused() {
    assertThat(
            catchThrowableOfType(
                InvalidPlanException.class, () -> plan("cache: {salt: daily}\n", "")))
        .hasMessageContaining("one of none, run, repeat");
  }

  @Test
  void bodies_that_differ_are_told_without_their_secrets() {
    Plan plan =
        PARSER.parse(
            "plan.yaml",
            """
            experiment: a
            workload: {input-tokens: 5}
            load: {rates: 1}
            strategies:
              - {name: a, simulate: p, body: {api_key: sk-hidden, x: 1}}
              - {name: b, simulate: p}
            """);

    assertThat(PublishableRules.missedBy(plan).toString())
        .contains("x=1")
        .doesNotContain("sk-hidden");
  }

  @Test
  void the_schema_and_the_documentation_know_the_same_keys() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Files.readString(Path.of("../docs/plan.schema.json")));
    String documentation = Files.readString(Path.of("../docs/plan.md"));
    Map<String, List<String>> known =
        Map.of(
            "/$defs/cache/properties", CacheReader.KEYS,
            "/$defs/reset/anyOf/1/properties", CacheReader.RESET_KEYS,
            "/$defs/api-key/properties", AccessReader.KEY_KEYS,
            "/$defs/tls/properties", AccessReader.TLS_KEYS,
            "/$defs/gpu/properties", ProbeReader.GPU_KEYS);

    known.forEach((pointer, keys) -> {
      List<String> names = new ArrayList<>();
      schema.at(pointer).fieldNames().forEachRemaining(names::add);
      assertThat(names).as(pointer).containsExactlyInAnyOrderElementsOf(keys);
      assertThat(keys).allMatch(key -> documentation.contains(key));
    });
  }

  private static Plan plan(String top, String strategy) {
    return PARSER.parse(
        "plan.yaml",
        """
        experiment: a
        workload: {input-tokens: 5}
        load: {rates: 1}
        %s
        strategies:
          - name: a
            url: https://h/v1/completions
            model: m
        %s
        """
            .formatted(top, strategy.indent(4)));
  }
}
