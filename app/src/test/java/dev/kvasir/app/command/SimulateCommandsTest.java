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

/** What if, and against what was measured: commands that need no server. */
class SimulateCommandsTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void playingIsARowForEachProfileStrategyAndRate() {
    int code =
        kvasir(
            "play",
            "--profile",
            "qwen3-0.6b-l4",
            "--profile",
            "qwen3-8b-l4",
            "--strategy",
            "recompute",
            "--strategy",
            "lmcache-cpu",
            "--rate",
            "1",
            "--rate",
            "inf",
            "--requests",
            "20",
            "--ttft",
            "200");

    assertThat(code).isEqualTo(ExitCode.OK.number());
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(1 + 2 * 2 * 2);
    assertThat(lines.getFirst()).contains("TTFT mean", "within SLO", "prompt tokens found");
    assertThat(lines.get(1)).startsWith("qwen3-0.6b-l4").contains("recompute").contains("%");
    assertThat(lines.getLast()).startsWith("qwen3-8b-l4").contains("lmcache-cpu").contains("inf");
  }

  @Test
  void theSameCommandPrintsAndWritesTheSameBytes() throws IOException {
    String first = played("first");
    String second = played("second");

    assertThat(second).isEqualTo(first);
    assertThat(rows("second")).isEqualTo(rows("first")).hasLineCount(1 + 40);
  }

  @Test
  void theSecondPassFindsWhatTheFirstOneLeft() {
    kvasir(
        "play",
        "--strategy",
        "lmcache-disk",
        "--set",
        "kv.prefix-cache=false",
        "--requests",
        "4",
        "--passes",
        "2",
        "--input",
        "2048",
        "--output",
        "1",
        "--concurrency",
        "2");

    assertThat(out.toString().lines().toList().getLast()).contains("disk 100.0 %");
  }

  @Test
  void aTraceIsPlayedAgainWithItsIdsAsFarAsRequestsAreAskedFor() throws IOException {
    Path trace =
        Files.writeString(
            folder.resolve("trace.jsonl"),
            """
            {"timestamp": 0, "input_length": 1024, "output_length": 4, "hash_ids": [0, 1]}
            {"timestamp": 500, "input_length": 1024, "output_length": 4, "hash_ids": [0, 2]}
            """);

    kvasir("play", "--trace", trace.toString(), "--requests", "4", "--csv", folder.toString());

    assertThat(out.toString()).contains("trace").contains("hbm 25.0 %");
    assertThat(folder.resolve("qwen3-8b-l4-as it is-trace.csv")).exists();
  }

  @Test
  void aFitWithoutConstantsStandsBesideWhatWasMeasuredAndWithOneComesCloser() throws IOException {
    String results = results(0.4) + ";strategy=recompute";

    kvasir("fit", "--profile", "qwen3-8b-l4", "--results", results);
    String before = out.toString();
    out.getBuffer().setLength(0);
    int code =
        kvasir(
            "fit",
            "--profile",
            "qwen3-8b-l4",
            "--results",
            results,
            "--constant",
            "efficiency.arithmetic");

    assertThat(code).isEqualTo(ExitCode.OK.number());
    assertThat(before).contains("results.json", "cold", "0.400", "off by a factor of ");
    assertThat(out.toString()).startsWith("efficiency.arithmetic: ");
    assertThat(factor(out.toString())).isLessThan(factor(before)).isLessThan(1.05);
  }

  @Test
  void mistakesAreNamed() throws IOException {
    assertThat(kvasir("play", "--profile", "qwen3-8b-l5")).isNotEqualTo(ExitCode.OK.number());
    assertThat(err.toString()).contains("qwen3-8b-l5 is not a profile").contains("qwen3-8b-l4");

    assertThat(kvasir("play", "--set", "kv.blokcs=7")).isNotEqualTo(ExitCode.OK.number());
    assertThat(err.toString()).contains("kv.blokcs is not a key; did you mean blocks");

    assertThat(kvasir("fit", "--results", results(1))).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("0 profiles").contains("give one --profile");
  }

  @Test
  void aServerThatDoesNotFitItsGpuDoesNotStart() {
    int code = kvasir("--profile", "qwen3-30b-a3b-rtx5090", "--set", "model.max-context=32768");

    assertThat(code).isNotEqualTo(ExitCode.OK.number());
    assertThat(err.toString()).contains("out of GPU memory").doesNotContain("\tat ");
  }

  private String played(String name) {
    out.getBuffer().setLength(0);
    kvasir(
        "play",
        "--strategy",
        "cpu-offload",
        "--requests",
        "40",
        "--input",
        "600",
        "--prefix",
        "512",
        "--groups",
        "3",
        "--seed",
        "9",
        "--csv",
        folder.resolve(name).toString());
    return out.toString();
  }

  private String rows(String name) throws IOException {
    return Files.readString(folder.resolve(name).resolve("qwen3-8b-l4-cpu-offload-1.csv"));
  }

  /** A file of vLLM's benchmark with one cold run of four prompts, one at a time. */
  private String results(double seconds) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("results.json"),
            """
            {"type": "warmup", "num_prompts": 1, "mean_ttft_ms": 7}
            {"num_prompts": 4, "max_concurrency": 1, "input_len": "2000", "output_lens": [1, 1, 1, 1], "mean_ttft_ms": %s}
            """
                .formatted(seconds * 1e3));
    return file.toString();
  }

  private static double factor(String printed) {
    String after = printed.substring(printed.indexOf("off by a factor of ") + 19);
    return Double.parseDouble(after.substring(0, after.indexOf(' ')));
  }

  private int kvasir(String... arguments) {
    Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
    String[] words = new String[arguments.length + 3];
    words[0] = "--home";
    words[1] = folder.resolve("home").toString();
    words[2] = "simulate";
    System.arraycopy(arguments, 0, words, 3, arguments.length);
    return Kvasir.execute(terminal, words);
  }
}
