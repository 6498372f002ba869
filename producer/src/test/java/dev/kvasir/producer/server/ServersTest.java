package dev.kvasir.producer.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kvasir.producer.launch.Serving;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, started and ended. */
class ServersTest {

  private static final String FOREVER = "while :; do sleep 1; done";

  @TempDir private Path folder;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private ServerSocket listener;
  private int port;
  private Servers servers;

  private Servers servers() {
    if (servers == null) {
      servers = new Servers(folder.resolve("logs"), List.of(), Ticker.system(), stopping::get);
    }
    return servers;
  }

  /** Servers without a port of their own count as listening where this does. */
  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0);
    port = listener.getLocalPort();
  }

  @AfterEach
  void end() throws IOException {
    servers().close();
    listener.close();
  }

  @Test
  void a_server_is_up_when_it_answers_and_gets_its_arguments_and_environment() throws Exception {
    Path record = Files.createDirectory(folder.resolve("record"));
    FakeEngine.install(folder.resolve("bin"), "vllm");

    Standing standing =
        stand(
            """
            command: [vllm, serve, "${model}", --port, "${port}", --seqs, "${seqs}", "two words"]
            port: 0
            parameters: {seqs: 64}
            environment: {LMCACHE_CHUNK_SIZE: 256, PATH: "%s", FAKE_RECORD: "%s"}
            """
                .formatted(folder.resolve("bin") + ":" + System.getenv("PATH"), record));

    assertThat(standing).isInstanceOf(Standing.Up.class);
    FakeEngine.Call call = FakeEngine.calls(record).getFirst();
    assertThat(standing.launch().url())
        .isEqualTo("http://127.0.0.1:" + call.port() + "/v1/completions");
    assertThat(call.arguments())
        .containsExactly(
            "serve", "m", "--port", Integer.toString(call.port()), "--seqs", "64", "two words");
    assertThat(call.environment()).containsEntry("LMCACHE_CHUNK_SIZE", "256");
    assertThat(logs()).anySatisfy(log -> assertThat(log).contains("vllm listens on"));
  }

  @Test
  void words_before_a_command_stand_before_the_server_too() throws Exception {
    Path record = Files.createDirectory(folder.resolve("record"));
    FakeEngine.install(folder.resolve("bin"), "vllm");
    servers =
        new Servers(
            folder.resolve("logs"), List.of("env", "FREED=1"), Ticker.system(), stopping::get);

    stand(
        """
        command: [vllm, serve, --port, "${port}"]
        port: 0
        environment: {PATH: "%s", FAKE_RECORD: "%s"}
        """
            .formatted(folder.resolve("bin") + ":" + System.getenv("PATH"), record));

    assertThat(FakeEngine.calls(record).getFirst().environment()).containsEntry("FREED", "1");
  }

  @Test
  void a_server_that_exits_at_once_is_down_and_its_log_says_why() throws Exception {
    listener.close();

    Standing standing = stand("command: 'echo loading; echo no such model >&2; exit 3'");

    assertThat(reasons(standing).getFirst())
        .isEqualTo("server ended with status 3 before all servers were ready");
    assertThat(reasons(standing).getLast()).contains("loading | no such model");
  }

  @Test
  void a_program_that_does_not_exist_is_a_server_that_is_down() throws Exception {
    listener.close();

    assertThat(String.join(" ", reasons(stand("command: [/nowhere/vllm, serve]"))))
        .contains("/nowhere/vllm");
  }

  @Test
  void a_working_folder_that_does_not_exist_is_a_server_that_is_down() throws Exception {
    assertThat(String.join(" ", reasons(stand("{command: 'true', folder: /nowhere}"))))
        .contains("cannot be started")
        .contains("/nowhere");
  }

  @Test
  void a_server_that_is_not_ready_in_time_is_down() throws Exception {
    Standing standing =
        stand(
            """
            command: %s
            port: 0
            ready: {within: 400ms}
            """
                .formatted(FOREVER));

    assertThat(reasons(standing).getFirst()).contains("was not ready after").contains("/health");
    assertThat(marked()).isEmpty();
  }

  @Test
  void a_server_whose_log_says_that_memory_ran_out_is_not_waited_for() throws Exception {
    Standing standing =
        stand(
            """
            command: echo 'torch.OutOfMemoryError, tried to allocate 2 GiB'; %s
            port: 0
            """
                .formatted(FOREVER));

    assertThat(reasons(standing).getFirst()).contains("ran out of memory").contains("2 GiB");
  }

  @Test
  void a_port_that_is_in_use_is_said_so_and_nothing_is_started() throws Exception {
    try (ServerSocket other = new ServerSocket(0)) {
      Standing standing =
          stand("{command: 'echo started', port: %d}".formatted(other.getLocalPort()));

      assertThat(reasons(standing).getFirst())
          .contains("port " + other.getLocalPort() + " of server is in use");
      assertThat(logs()).isEmpty();
    }
  }

  @Test
  void a_launch_that_is_the_same_serves_on_and_another_one_replaces_it() throws Exception {
    Serving serving =
        serving("{command: 'echo ${size}; %s', parameters: {size: 1}}".formatted(FOREVER));

    servers().stand("s", serving, Map.of());
    ProcessHandle first = leader();
    servers().stand("s", serving, Map.of("size", "1"));
    ProcessHandle same = leader();
    servers().stand("s", serving, Map.of("size", "2"));

    assertThat(same).isEqualTo(first);
    assertThat(leader()).isNotEqualTo(first);
    assertThat(first.isAlive()).isFalse();
  }

  @Test
  void fresh_servers_are_started_for_every_run() throws Exception {
    Serving serving = serving("{command: '%s', fresh-server: true}".formatted(FOREVER));

    servers().stand("s", serving, Map.of());
    ProcessHandle first = leader();
    servers().stand("s", serving, Map.of());

    assertThat(leader()).isNotEqualTo(first);
    assertThat(first.isAlive()).isFalse();
  }

  @Test
  void a_death_while_serving_is_told_at_once_and_the_next_run_gets_a_new_server() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    Serving serving = serving("command: 'echo serving; %s'".formatted(FOREVER));
    servers().stand("s", serving, Map.of());
    await().atMost(Duration.ofMinutes(1)).until(() -> logs().contains("serving\n"));
    servers().onFailure(told::countDown);

    leader().destroyForcibly();

    assertThat(told.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(servers().failure().getFirst())
        .isEqualTo("server was killed by signal 9 while it served");
    assertThat(servers().failure().getLast()).contains("serving");
    assertThat(servers().stand("s", serving, Map.of())).isInstanceOf(Standing.Up.class);
    assertThat(servers().failure()).isEmpty();
  }

  @Test
  void the_end_is_the_end_of_every_child_even_of_those_that_left_the_group() throws Exception {
    stand(
        "command: sleep 1000 & setsid sleep 1001 & (setsid sh -c 'sleep 1002 & wait') & %s"
            .formatted(FOREVER));
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(marked().size()).isGreaterThanOrEqualTo(5));

    servers().close();

    assertThat(marked()).isEmpty();
  }

  @Test
  void what_a_server_leaves_behind_when_it_exits_is_ended_too() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    servers().onFailure(told::countDown);
    Path end = folder.resolve("end");
    Standing standing =
        stand(
            "command: 'setsid sleep 1000 & sleep 1001 & while [ ! -e %s ]; do sleep 0.1; done'"
                .formatted(end));
    assertThat(standing).isInstanceOf(Standing.Up.class);

    Files.createFile(end);

    assertThat(told.await(1, TimeUnit.MINUTES)).isTrue();
    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(marked()).isEmpty());
  }

  @Test
  void a_server_that_ignores_the_signal_is_killed() throws Exception {
    stand(
        "{command: \"trap '' TERM INT HUP; echo hello; %s\", stop-within: 1s}".formatted(FOREVER));
    await().atMost(Duration.ofMinutes(1)).until(() -> logs().contains("hello\n"));

    servers().close();

    assertThat(marked()).isEmpty();
  }

  @Test
  void a_server_may_say_goodbye_and_a_stop_command_asks_it_to() throws Exception {
    Path asked = folder.resolve("asked");
    stand(
        """
        command: |
          trap 'echo goodbye; exit 0' TERM
          echo hello
          %s
        stop: touch %s
        """
            .formatted("while :; do sleep 0.1; done", asked));
    await().atMost(Duration.ofMinutes(1)).until(() -> logs().contains("hello\n"));

    servers().close();

    assertThat(asked).exists();
    assertThat(logs()).anySatisfy(log -> assertThat(log).contains("goodbye"));
  }

  @Test
  void nothing_is_left_of_a_server_when_its_generator_is_killed() throws Exception {
    Path programs = folder.resolve("bin");
    Path record = Files.createDirectory(folder.resolve("record"));
    FakeEngine.install(programs, "vllm");
    Process generator =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StandingServer.class.getName(),
                folder.toString(),
                programs.toString(),
                record.toString())
            .redirectErrorStream(true)
            .start();
    try (var out = generator.inputReader()) {
      assertThat(out.lines().anyMatch("up"::equals)).as("it stands").isTrue();
      assertThat(Marked.by(generator.pid())).hasSizeGreaterThanOrEqualTo(3);

      generator.destroyForcibly().waitFor();

      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(Marked.by(generator.pid())).isEmpty());
    }
  }

  @Test
  void a_process_waits_for_those_it_comes_after() throws Exception {
    Path record = Files.createDirectory(folder.resolve("record"));
    FakeEngine.install(folder.resolve("bin"), "vllm");
    Path order = folder.resolve("order");

    Standing standing =
        stand(
            """
            environment: {PATH: "%s", FAKE_RECORD: "%s"}
            processes:
              - name: prefill
                command: echo prefill >> %s; sleep 0.5; exec vllm --port ${port}
                port: 0
              - name: proxy
                after: prefill
                command: echo proxy >> %s; exec vllm ${prefill.urls} --port ${port}
                port: 0
                ready: /healthcheck
            """
                .formatted(
                    folder.resolve("bin") + ":" + System.getenv("PATH"), record, order, order));

    assertThat(standing).isInstanceOf(Standing.Up.class);
    assertThat(Files.readAllLines(order)).containsExactly("prefill", "proxy");
    int proxy = standing.launch().processes().getLast().port();
    assertThat(standing.launch().url()).contains(":" + proxy + "/");
  }

  @Test
  void one_of_several_that_fails_takes_the_others_with_it() throws Exception {
    Standing standing =
        stand(
            """
            processes:
              - {name: good, count: 2, command: "%s"}
              - {name: bad, command: "exit 1", after: [good], ready: "http://127.0.0.1:1/"}
            """
                .formatted(FOREVER));

    assertThat(reasons(standing).getFirst()).startsWith("bad ended with status 1");
    assertThat(marked()).isEmpty();
  }

  @Test
  void a_plan_that_is_stopped_waits_for_no_server() throws Exception {
    stopping.set(true);

    assertThat(reasons(stand("{command: '%s', port: 0}".formatted(FOREVER))).getFirst())
        .contains("was being started when the plan was stopped");
  }

  private Standing stand(String serve) throws InterruptedException {
    return servers().stand("s", serving(serve), Map.of());
  }

  private Serving serving(String serve) {
    return StandingServer.serving(
        folder,
        serve.contains("port:") ? "" : "url: http://127.0.0.1:%d/v1/completions".formatted(port),
        serve);
  }

  private static List<String> reasons(Standing standing) {
    assertThat(standing).isInstanceOf(Standing.Down.class);
    return ((Standing.Down) standing).reasons();
  }

  private List<String> logs() throws IOException {
    Path logs = folder.resolve("logs");
    if (!Files.exists(logs)) {
      return List.of();
    }
    try (var files = Files.list(logs)) {
      return files.map(ServersTest::read).toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Every process that this test's servers started and that still runs. */
  private static List<Long> marked() {
    return Marked.by(ProcessHandle.current().pid());
  }

  /** The first process of the server, once there is one. */
  private static ProcessHandle leader() {
    List<Long> leaders =
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> Marked.leaders(ProcessHandle.current().pid()), found -> !found.isEmpty());
    return ProcessHandle.of(leaders.getFirst()).orElseThrow();
  }
}
