package dev.kvasir.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvasirTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int kvasir(String... arguments) {
    Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
    String[] words = new String[arguments.length + 2];
    words[0] = "--home";
    words[1] = folder.resolve("home").toString();
    System.arraycopy(arguments, 0, words, 2, arguments.length);
    return Kvasir.execute(terminal, words);
  }

  private Path plan(String text) throws IOException {
    return Files.writeString(folder.resolve("plan.yaml"), text);
  }

  private static final String PLAN =
      """
      experiment: test
      repeats: 2
      workload: {kind: synthetic, prompts: 10, input-tokens: 64, output-tokens: 8, reason: a test}
      load: {rates: [5, 10]}
      strategies:
        - {name: recompute, simulate: recompute}
        - {name: hbm, simulate: hbm-prefix}
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "up",
        "plan",
        "runs",
        "compare",
        "ask",
        "sql",
        "import",
        "figures",
        "report",
        "export",
        "label",
        "score",
        "retract",
        "simulate",
        "produce",
        "stream",
        "sink",
        "page",
        "calibrate",
        "doctor",
        "completion"
      })
  void everyCommandExplainsItselfWithAnExample(String command) {
    assertThat(kvasir(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: kvasir " + command).containsPattern("Examples?:");
  }

  @Test
  void processorsThatTheLauncherDidNotPinAreRefused() throws IOException {
    assertThat(kvasir("run", plan(PLAN).toString(), "--cpus", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--cpus is 0").contains("kvasir launcher");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--page-host 0.0.0.0 --page-token=",
        "--page-token short",
        "--page-port 99999",
        "--page-port -1"
      })
  void aPageThatCannotBeServedIsRefusedBeforeAnythingStarts(String options) throws IOException {
    for (String command : List.of("run " + plan(PLAN), "up")) {
      assertThat(kvasir((command + " " + options).split(" "))).isEqualTo(2);
      assertThat(err.toString()).contains("the live page").doesNotContain("Details:");
      assertThat(folder.resolve("home/made.json")).doesNotExist();
    }
  }

  @Test
  void anAgeThatIsNoDurationIsRefused() {
    assertThat(kvasir("archive", "--expire", "--older-than", "nonsense")).isEqualTo(2);
    assertThat(err.toString()).contains("--older-than is nonsense; it must be a duration");
  }

  @Test
  void pairsBelongToAnObserver() {
    assertThat(kvasir("calibrate", "--pairs", "3")).isEqualTo(2);
    assertThat(err.toString()).contains("--pairs").contains("--observer");
  }

  @Test
  void anUnknownCommandNamesTheNearestOne() {
    assertThat(kvasir("doctr")).isEqualTo(2);
    assertThat(err.toString()).contains("doctr").contains("Did you mean: kvasir doctor");
  }

  @Test
  void aPlanIsShownWithoutBeingRun() throws IOException {
    assertThat(kvasir("plan", plan(PLAN).toString())).isZero();
    assertThat(out.toString())
        .contains("8 runs, 80 measured requests")
        .contains("2 server starts")
        .contains("recompute")
        .contains("rate=10")
        .contains("To be publishable, it lacks:")
        .contains("at least 3 repeats; there are 2");
    assertThat(folder.resolve("home")).doesNotExist();
  }

  @Test
  void aPlanSaysWhatItCannotCount() throws IOException {
    String load = "load={concurrency: 4, duration: 60s, think-time: 50ms}";
    assertThat(kvasir("plan", plan(PLAN).toString(), "--set", load)).isZero();
    assertThat(out.toString())
        .contains("as many measured requests as fit in 1 min each")
        .contains("A user waits 50 ms before the next request.");
  }

  @Test
  void anExportSaysWhyThereAreNoPrompts() throws IOException {
    String schedules = folder.resolve("schedules").toString();
    String sessions = "workload={sessions: 2, turns: 3, input-tokens: 9, output-tokens: 9}";
    String plan = plan(PLAN).toString();

    assertThat(kvasir("plan", plan, "--set", sessions, "--export-schedule", schedules)).isZero();
    assertThat(err.toString())
        .contains("rate=5-r1.csv")
        .doesNotContain("rate=5-r1.jsonl")
        .contains("the others wait for answers: no .jsonl of prompts was written");
  }

  @Test
  void whatIsNoPlanIsRefused() throws IOException {
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', (byte) 0xC3, 0});

    assertThat(kvasir("plan", binary.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("binary.yaml is no text in UTF-8; give a YAML file");
    assertThat(kvasir("plan", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(" is a folder; give the path of a plan file in it");
  }

  @Test
  void limitsAreTakenAsOtherToolsWriteThem() {
    assertThat(
            kvasir(
                "plan",
                "--url",
                "http://h/v1/completions",
                "--model",
                "M",
                "--input-len",
                "9",
                "--experiment",
                "E",
                "--strategy",
                "S",
                "--goodput",
                "ttft:125",
                "tpot:200",
                "--rate",
                "5",
                "--json"))
        .isZero();
    assertThat(kvasir("plan", "--input-len", "9", "--rate", "5", "--goodput", "ttft")).isEqualTo(2);
    assertThat(err.toString()).contains("--goodput is ttft; it must be ttft:MS, tpot:MS or both");
  }

  @Test
  void aScheduleIsNamedByItsOwnLines() throws IOException {
    Path times = Files.writeString(folder.resolve("times.csv"), "n,due_s\n0,1\n1,soon\n");

    assertThat(kvasir("plan", plan(PLAN).toString(), "--set", "load={schedule: times.csv}"))
        .isEqualTo(2);
    assertThat(err.toString()).contains(times.getFileName() + ": line 3 has `soon` for a time");
  }

  @Test
  void aSearchCountsItsPasses() {
    String example = Path.of("../examples/search.yaml").toString();
    assertThat(kvasir("plan", example, "--set", "load={passes: 3, pause: 5s}")).isZero();
    assertThat(out.toString()).containsPattern("8 to 128 +360").contains("55 s at the lowest rate");
  }

  @Test
  void theServersThatAPlanWouldStartAreShownWithoutSecrets() throws IOException {
    String example = Path.of("../examples/servers/vllm-nixl-pd.yaml").toString();
    assertThat(kvasir("plan", example, "--set", "prefill=2", "--set", "decode=3")).isZero();
    assertThat(out.toString())
        .containsPattern("1 server start\\R")
        .contains("started once, for http://127.0.0.1:8077/v1/completions")
        .contains("vllm pd_disagg(2P3D), Peer@nixl")
        .contains("--prefiller-ports 8100 8101 --decoder-hosts")
        .contains("decode-2.CUDA_VISIBLE_DEVICES=4");
    assertThat(folder.resolve("home")).doesNotExist();
  }

  @Test
  void aPlanCanBeShownAsJson() throws IOException {
    assertThat(kvasir("plan", "--json", plan(PLAN).toString())).isZero();
    assertThat(out.toString()).contains("\"requests\" : 80").contains("\"recompute rate=5\"");
  }

  @Test
  void everyProblemOfAPlanIsSaidAtOnceWithItsLine() throws IOException {
    Path plan = plan(PLAN.replace("repeats: 2", "repeat: 2").replace("[5, 10]", "[-5]"));
    assertThat(kvasir("run", plan.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("plan.yaml:2:")
        .contains("repeats")
        .contains("plan.yaml:4:")
        .contains("-5")
        .doesNotContain("\tat ");
  }

  @Test
  void aMissingDataSetIsSaidBeforeAnythingStarts() throws IOException {
    Path plan =
        plan(
            PLAN.replace("kind: synthetic", "file: nowhere.json").replace("input-tokens: 64,", ""));
    assertThat(kvasir("run", plan.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("nowhere.json");
    assertThat(folder.resolve("home/kafka")).doesNotExist();
  }

  @Test
  void aPlanThatIsNotThereIsSaid() {
    assertThat(kvasir("plan", folder.resolve("none.yaml").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("there is no plan file").contains("none.yaml");
  }

  @Test
  void vllmsSpellingsMakeTheSamePlan() {
    List<String> common =
        List.of(
            "plan",
            "--url",
            "http://h:1/v1/completions",
            "--model",
            "m",
            "--strategy",
            "s",
            "--experiment",
            "e",
            "--input-len",
            "64",
            "--dataset-name",
            "synthetic");
    List<String> ours = new java.util.ArrayList<>(common);
    ours.addAll(List.of("--rate", "2.5,inf", "--prompts", "20", "--output-len", "8"));
    List<String> theirs = new java.util.ArrayList<>(common);
    theirs.addAll(
        List.of("--request-rate", "2.5,inf", "--num-prompts", "20", "--random-output-len", "8"));

    assertThat(kvasir(ours.toArray(String[]::new))).as(err.toString()).isZero();
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(kvasir(theirs.toArray(String[]::new))).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo(first).contains("rate=2.5").contains("rate=inf");
  }

  @Test
  void anOutsideKafkaNeedsAnOutsideRegistry() throws IOException {
    Path plan = plan(PLAN);
    assertThat(kvasir("run", plan.toString(), "--bootstrap-servers", "127.0.0.1:1")).isEqualTo(2);
    assertThat(err.toString()).contains("--schema-registry is missing");
  }

  @Test
  void nothingToAskIsSaidByName() {
    assertThat(kvasir("sql", "SELECT 1")).isEqualTo(1);
    assertThat(err.toString()).contains("there is nothing in").contains("--home");
  }

  @Test
  void questionsAreListedAndUnknownOnesRefused() {
    assertThat(kvasir("ask")).isZero();
    assertThat(out.toString()).contains("cells:").contains("compare:");
    assertThat(kvasir("ask", "celsl")).isEqualTo(2);
    assertThat(err.toString()).contains("celsl").contains("cells");
  }

  @Test
  void aShellCanCompleteCommands() {
    assertThat(kvasir("completion")).isZero();
    assertThat(out.toString()).contains("complete -F").contains("--request-rate");
  }

  @Test
  void aMachineIsDescribed() {
    assertThat(kvasir("doctor", "--json")).isZero();
    assertThat(out.toString()).contains("\"holder\" : \"nobody\"").contains("MiB free");
  }
}
