package dev.kvasir.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.producer.launch.Launch;
import dev.kvasir.producer.launch.LaunchedProcess;
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
import org.junit.jupiter.params.provider.CsvSource;

class ServeReaderTest {

  private static final PlanParser PARSER = new PlanParser(new TextDatasets(Map.of()), Set.of());

  private static final String SPLIT =
      """
      parameters: {prefill: 1, decode: 1, prefill-tp: 1, decode-tp: 1}
      environment: {PYTHONHASHSEED: 42}
      processes:
        - name: prefill
          count: ${prefill}
          port: 8100
          devices: ${prefill-tp}
          environment: {CUDA: "${devices}", SIDE: "${5559 + index * prefill-tp}"}
          command: [serve, "${model}", --port, "${port}"]
        - name: decode
          count: ${decode}
          port: 8200
          devices: ${decode-tp}
          environment: {CUDA: "${devices}"}
          command: [serve, "${model}", --port, "${port}"]
          ready: {url: "/v1/models", status: 201, within: 20m}
        - name: proxy
          port: 8077
          after: [prefill, decode]
          command: [proxy, --port, "${port}", --prefill, "${prefill.ports}", --hosts, "${decode.hosts}"]
          ready: /healthcheck
          stop: kill -INT 1
          stop-within: 5s
      """;

  @Test
  void instances_get_ports_and_devices_of_their_own() {
    Launch launch = launch(SPLIT, Map.of("prefill", "2", "decode", "3", "prefill-tp", "2"));

    assertThat(launch.processes())
        .extracting(LaunchedProcess::name)
        .containsExactly("prefill-0", "prefill-1", "decode-0", "decode-1", "decode-2", "proxy");
    assertThat(launch.processes())
        .extracting(LaunchedProcess::port)
        .containsExactly(8100, 8101, 8200, 8201, 8202, 8077);
    assertThat(launch.processes().subList(0, 5))
        .extracting(each -> each.environment().get("CUDA"))
        .containsExactly("0,1", "2,3", "4", "5", "6");
    assertThat(launch.processes().get(1).environment())
        .containsEntry("SIDE", "5561")
        .containsEntry("PYTHONHASHSEED", "42");
    assertThat(launch.processes().getLast().command())
        .containsExactly(
            "proxy",
            "--port",
            "8077",
            "--prefill",
            "8100",
            "8101",
            "--hosts",
            "127.0.0.1",
            "127.0.0.1",
            "127.0.0.1");
    assertThat(launch.url()).isEqualTo("http://127.0.0.1:8077/v1/completions");
  }

  @Test
  void probes_and_stops_are_read_whole() {
    List<LaunchedProcess> processes = launch(SPLIT, Map.of()).processes();

    assertThat(processes.get(0).probe().url()).isEqualTo("http://127.0.0.1:8100/health");
    assertThat(processes.get(0).probe().within()).hasMinutes(10);
    assertThat(processes.get(1).probe().url()).isEqualTo("http://127.0.0.1:8200/v1/models");
    assertThat(processes.get(1).probe().status()).isEqualTo(201);
    assertThat(processes.get(2).probe().url()).isEqualTo("http://127.0.0.1:8077/healthcheck");
    assertThat(processes.get(2).after()).containsExactly("prefill", "decode");
    assertThat(processes.get(2).stop()).isEqualTo("kill -INT 1");
    assertThat(processes.get(2).stopWithin()).hasSeconds(5);
  }

  @Test
  void a_varied_parameter_makes_another_launch_and_an_equal_value_the_same() {
    assertThat(launch(SPLIT, Map.of("prefill", "1"))).isEqualTo(launch(SPLIT, Map.of()));
    assertThat(launch(SPLIT, Map.of("prefill", "2"))).isNotEqualTo(launch(SPLIT, Map.of()));
  }

  @Test
  void parameters_set_from_outside_reach_the_launch_and_the_cell() {
    Plan plan = PARSER.parse("plan.yaml", plan(SPLIT), Map.of("prefill", "2", "decode", "3"));
    Matrix matrix = Matrix.of(plan);

    assertThat(matrix.runs().getFirst().cell()).contains("prefill=2", "decode=3");
    assertThat(matrix.launches()).hasSize(1);
    assertThat(matrix.launches().getFirst().processes()).hasSize(6);
    assertThat(matrix.serverStarts()).isEqualTo(1);
  }

  @Test
  void servers_restart_when_their_parameters_change_and_for_every_run_if_asked_to() {
    String vary = "vary: {prefill: [1, 2]}\nrepeats: 2\n";

    assertThat(Matrix.of(PARSER.parse("p", vary + plan(SPLIT))).serverStarts()).isEqualTo(4);
    assertThat(Matrix.of(PARSER.parse("p", vary + "order: blocked\n" + plan(SPLIT))).serverStarts())
        .isEqualTo(2);
    assertThat(
            Matrix.of(PARSER.parse("p", "repeats: 3\n" + plan(SPLIT + "fresh-server: true\n")))
                .serverStarts())
        .isEqualTo(3);
  }

  @Test
  void shell_text_keeps_the_shells_own_variables() {
    Launch launch =
        launch(
            """
            command: cd $HOME && exec serve $${EXTRA} --port ${port}
            port: 8000
            """,
            Map.of());

    assertThat(launch.processes().getFirst().words())
        .containsExactly("/bin/sh", "-c", "cd $HOME && exec serve ${EXTRA} --port 8000");
  }

  @Test
  void a_plan_that_is_written_and_parsed_is_the_same() {
    for (String serve : List.of(SPLIT, "{command: 'a ${x}', port: 0, parameters: {x: 1}}")) {
      Plan plan = PARSER.parse("plan.yaml", plan(serve));

      assertThat(PARSER.parse("text", PlanText.of(plan))).isEqualTo(plan);
    }
  }

  @Test
  void no_secret_of_a_launch_is_written() {
    String plan =
        plan(
            """
            command: [serve, --api-key, hidden1, --redis=redis://u:hidden2@h, "auth: hidden3"]
            environment: {HF_TOKEN: hidden4, LMCACHE_REMOTE_URL: "redis://hidden5@h:1"}
            parameters: {admin-password: hidden6}
            port: 8000
            """);

    assertThat(PlanText.of(PARSER.parse("p", plan))).doesNotContain("hidden");
    assertThat(
            PlanText.of(
                PARSER.parse(
                    "p", "vary: {x: [1]}\n" + plan.replace("serve, --api", "'serve${x}', --api"))))
        .doesNotContain("hidden");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {} | command and strategies[0].serve.processes are both missing
          {command: a, processes: []} | are both given
          {command: a} | no process has a port
          {command: 'a ${x}', port: 1} | ${x} is unknown
          {command: 'a ${port +1}', port: 1} | is no sum
          {command: 'a ${port / 2}', port: 1} | / is none of + - *
          {command: 'a ${model + 2}', port: 1} | is no whole number
          {command: a, port: 70000} | must be a whole number from 0 to 65535
          {command: a, port: 1, ready: soon} | it must be an address
          {command: a, port: 1, ready: {status: 20}} | it must be an HTTP status
          {command: a, port: 1, count: 2} | is not a key of
          {processes: [{name: a, command: b}, {name: a, command: b}]} | the name a is taken
          {processes: [{name: a, command: b, after: c}]} | c is not a process before a
          {processes: [{name: a, command: b, port: 7}, {name: c, command: b, port: 7}]} | port 7 is that of a-0 and of c-0
          {processes: [{name: a, port: 1}]} | command is missing
          {processes: [{name: a, command: b, count: 0, port: 1}]} | must be a whole number from 1
          {port: 1, processes: [{name: a, command: b, port: 1}]} | it belongs to one of the processes
          """)
  void servers_that_cannot_be_started_are_refused(String serve, String reason) {
    InvalidPlanException refused =
        catchThrowableOfType(
            InvalidPlanException.class, () -> PARSER.parse("plan.yaml", plan(serve)));

    assertThat(refused).as(serve).isNotNull();
    assertThat(refused.problems())
        .anySatisfy(problem -> assertThat(problem.text()).contains(reason).contains("plan.yaml:"));
  }

  @Test
  void schema_documentation_and_parser_know_the_same_keys() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Files.readString(Path.of("../docs/plan.schema.json")));
    String documentation = Files.readString(Path.of("../docs/plan.md"));
    Map<String, List<String>> known =
        Map.of(
            "/$defs/serve/properties", ServeReader.KEYS,
            "/$defs/process/properties", ServeReader.PROCESS_KEYS,
            "/$defs/ready/anyOf/1/properties", ServeReader.READY_KEYS);

    known.forEach((pointer, keys) -> {
      List<String> names = new ArrayList<>();
      schema.at(pointer).fieldNames().forEachRemaining(names::add);
      assertThat(names).as(pointer).containsExactlyInAnyOrderElementsOf(keys);
      assertThat(keys).allMatch(key -> documentation.contains(key));
    });
  }

  private static Launch launch(String serve, Map<String, String> parameters) {
    Target target = PARSER.parse("plan.yaml", plan(serve)).strategies().getFirst().target();
    return ((Target.Served) target).serving().launch(parameters);
  }

  private static String plan(String serve) {
    return """
    experiment: e
    workload: {input-tokens: 5}
    load: {rates: 1}
    strategies:
      - name: s
        model: m
        serve:
    """
        + serve.indent(6);
  }
}
