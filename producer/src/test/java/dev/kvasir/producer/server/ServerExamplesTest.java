package dev.kvasir.producer.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.label.StrategyLabels;
import dev.kvasir.producer.launch.Launch;
import dev.kvasir.producer.launch.ProcessTemplate;
import dev.kvasir.producer.launch.Serving;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.plan.Variant;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The example plans that start servers, with programs that write down how they were called. */
class ServerExamplesTest {

  private static final Path EXAMPLES = Path.of("../examples/servers");

  /** Free ports, so that the tests disturb nothing that listens on the usual ones. */
  private static final Map<String, String> FREE_PORTS =
      Map.of("prefill-port", "0", "decode-port", "0", "proxy-port", "0");

  @TempDir private Path folder;
  private Path record;

  @BeforeEach
  void install() throws IOException {
    record = Files.createDirectory(folder.resolve("record"));
    FakeEngine.install(folder.resolve("bin"), "vllm", "python3", "llama-server", "lmcache_server");
  }

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Test
  void the_examples_are_the_eight_that_are_documented() throws IOException {
    String documented = Files.readString(EXAMPLES.resolve("README.md"));

    assertThat(examples())
        .extracting(file -> file.getFileName().toString().replace(".yaml", ""))
        .containsExactlyInAnyOrder(
            "llamacpp-budget",
            "sglang-hicache",
            "sglang-kvtuner",
            "vllm-lmcache",
            "vllm-lmcache-pd",
            "vllm-nixl-pd",
            "vllm-offloading",
            "vllm-simple")
        .allMatch(documented::contains);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void every_strategy_of_an_example_can_be_launched(Path example) throws IOException {
    Plan plan = parse(example.getFileName().toString(), Map.of());

    assertThat(Matrix.of(plan).launches()).isNotEmpty();
    for (Variant variant : plan.variants()) {
      Launch launch = serving(variant.strategy()).launch(variant.parameters());
      Map<String, String> labels = StrategyLabels.derive(launch.facts(Map.of()));
      assertThat(labels).as(variant.text()).containsKeys("engine", "label", "topology");
      String declared = variant.strategy().labels().get("medium");
      if (declared != null) {
        assertThat(labels).as(variant.text()).containsEntry("medium", declared);
      }
      String connector = variant.strategy().labels().get("connector");
      if (connector != null) {
        assertThat(labels).as(variant.text()).containsEntry("connector", connector);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vllm-simple.yaml, simple, HBM@none",
    "vllm-offloading.yaml, offloading, CPU@offloading",
    "vllm-lmcache.yaml, lmcache-gds, GDS@lmcache",
    "llamacpp-budget.yaml, llamacpp, HBM@none",
    "sglang-hicache.yaml, hicache-cpu, CPU@hicache",
    "sglang-kvtuner.yaml, kvtuner, HBM/4@none"
  })
  void a_server_of_an_example_comes_up(String file, String strategy, String label)
      throws Exception {
    Plan plan = parse(file, Map.of("port", "0"));
    Variant variant = variant(plan, strategy);

    try (Servers servers = servers()) {
      Standing standing =
          servers.stand(strategy, recorded(serving(variant.strategy())), variant.parameters());

      assertThat(standing).isInstanceOf(Standing.Up.class);
      assertThat(StrategyLabels.derive(standing.launch().facts(Map.of())))
          .containsEntry("label", label);
      assertThat(FakeEngine.calls(record)).hasSize(1);
      assertThat(FakeEngine.calls(record).getFirst().environment())
          .containsEntry("CUDA_VISIBLE_DEVICES", "0");
    }
  }

  @Test
  void one_prefill_and_one_decode_of_vllm_are_the_default() throws Exception {
    List<FakeEngine.Call> calls = started("vllm-nixl-pd.yaml", "nixl", FREE_PORTS);

    assertThat(calls).hasSize(3);
    assertThat(engines(calls))
        .allSatisfy(call -> {
          assertThat(call.flag("--gpu-memory-utilization")).isEqualTo("0.8");
          assertThat(call.flag("--tensor-parallel-size")).isEqualTo("1");
        });
  }

  @Test
  void two_prefills_and_three_decodes_over_nixl_share_nothing() throws Exception {
    Map<String, String> settings = new LinkedHashMap<>(FREE_PORTS);
    settings.putAll(
        Map.of("prefill", "2", "decode", "3", "decode-tp", "2", "proxy", "my_proxy.py"));

    List<FakeEngine.Call> calls = started("vllm-nixl-pd.yaml", "nixl", settings);

    List<FakeEngine.Call> engines = engines(calls);
    assertThat(engines).hasSize(5);
    assertThat(engines)
        .extracting(call -> call.environment().get("CUDA_VISIBLE_DEVICES"))
        .containsExactlyInAnyOrder("0", "1", "2,3", "4,5", "6,7");
    assertThat(engines)
        .extracting(call -> call.environment().get("VLLM_NIXL_SIDE_CHANNEL_PORT"))
        .containsExactlyInAnyOrder("5559", "5560", "5659", "5661", "5663");
    assertThat(new HashSet<>(engines.stream().map(FakeEngine.Call::port).toList())).hasSize(5);
    FakeEngine.Call proxy = proxy(calls);
    assertThat(proxy.arguments().getFirst()).isEqualTo("my_proxy.py");
    assertThat(ports(proxy, "--prefiller-ports", "--decoder-hosts"))
        .containsExactlyInAnyOrderElementsOf(portsOf(engines, devices -> !devices.contains(",")));
    assertThat(ports(proxy, "--decoder-ports", null))
        .containsExactlyInAnyOrderElementsOf(portsOf(engines, devices -> devices.contains(",")));
  }

  @Test
  void two_prefills_and_three_decodes_through_lmcache_use_its_server() throws Exception {
    Map<String, String> settings = new LinkedHashMap<>(FREE_PORTS);
    settings.putAll(Map.of("prefill", "2", "decode", "3", "lmcache-port", "0"));

    List<FakeEngine.Call> calls = started("vllm-lmcache-pd.yaml", "lmcache", settings);

    int lmcache =
        calls.stream()
            .filter(call -> call.program().equals("lmcache_server"))
            .findFirst()
            .orElseThrow()
            .port();
    List<FakeEngine.Call> engines = engines(calls);
    assertThat(engines)
        .hasSize(5)
        .allSatisfy(call ->
            assertThat(call.environment())
                .containsEntry("LMCACHE_REMOTE_URL", "lm://127.0.0.1:" + lmcache));
    assertThat(engines)
        .extracting(call -> call.flag("--kv-transfer-config").replaceAll(".*port\":\"|\".*$", ""))
        .containsExactlyInAnyOrder("producer1", "producer2", "consumer1", "consumer2", "consumer3");
    assertThat(ports(proxy(calls), "--prefiller-ports", "--decoder-hosts")).hasSize(2);
  }

  @Test
  void the_usual_ports_are_those_of_the_scripts() throws IOException {
    Plan plan = parse("vllm-lmcache-pd.yaml", Map.of("prefill", "2", "decode", "2"));
    Variant variant = variant(plan, "lmcache");
    Launch launch = serving(variant.strategy()).launch(variant.parameters());

    assertThat(launch.processes())
        .extracting(each -> each.name() + " " + each.port())
        .containsExactly(
            "lmcache 65432",
            "prefill-0 8100",
            "prefill-1 8101",
            "decode-0 8200",
            "decode-1 8201",
            "proxy 8077");
    assertThat(StrategyLabels.derive(launch.facts(Map.of())))
        .containsEntry("topology", "pd_disagg(2P2D)")
        .containsEntry("label", "Remote@lmcache");
  }

  /** How the programs of a strategy were called, once all were ready. */
  private List<FakeEngine.Call> started(String file, String strategy, Map<String, String> settings)
      throws Exception {
    Variant variant = variant(parse(file, settings), strategy);
    try (Servers servers = servers()) {
      Standing standing =
          servers.stand(strategy, recorded(serving(variant.strategy())), variant.parameters());

      assertThat(standing).isInstanceOf(Standing.Up.class);
      return FakeEngine.calls(record);
    }
  }

  private Servers servers() {
    return new Servers(folder.resolve("logs"), List.of(), Ticker.system(), () -> false);
  }

  private static Plan parse(String file, Map<String, String> settings) throws IOException {
    return new PlanParser(new DatasetFolder(EXAMPLES), Set.of())
        .parse(file, Files.readString(EXAMPLES.resolve(file)), settings);
  }

  private static Variant variant(Plan plan, String strategy) {
    return plan.variants().stream()
        .filter(each -> each.strategy().name().equals(strategy))
        .findFirst()
        .orElseThrow();
  }

  private static Serving serving(Strategy strategy) {
    return ((Target.Served) strategy.target()).serving();
  }

  /** The same with the recording programs before all others. */
  private Serving recorded(Serving serving) {
    List<ProcessTemplate> processes = serving.processes().stream().map(this::recorded).toList();
    return new Serving(
        serving.url(), serving.path(), serving.parameters(), processes, serving.fresh());
  }

  private ProcessTemplate recorded(ProcessTemplate process) {
    Map<String, String> environment = new LinkedHashMap<>(process.environment());
    environment.putAll(FakeEngine.environment(folder.resolve("bin"), record));
    return new ProcessTemplate(
        process.name(),
        process.count(),
        process.command(),
        process.shell(),
        environment,
        process.folder(),
        process.port(),
        process.devices(),
        process.after(),
        process.probe(),
        process.stop(),
        process.stopWithin());
  }

  private static List<FakeEngine.Call> engines(List<FakeEngine.Call> calls) {
    return calls.stream().filter(call -> call.program().equals("vllm")).toList();
  }

  private static FakeEngine.Call proxy(List<FakeEngine.Call> calls) {
    return calls.stream()
        .filter(call -> call.program().equals("python3"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> portsOf(
      List<FakeEngine.Call> engines, java.util.function.Predicate<String> devices) {
    return engines.stream()
        .filter(call -> devices.test(call.environment().get("CUDA_VISIBLE_DEVICES")))
        .map(call -> Integer.toString(call.port()))
        .toList();
  }

  private static List<String> ports(FakeEngine.Call call, String from, String to) {
    List<String> arguments = call.arguments();
    int end = to == null ? arguments.size() : arguments.indexOf(to);
    return arguments.subList(arguments.indexOf(from) + 1, end);
  }
}
