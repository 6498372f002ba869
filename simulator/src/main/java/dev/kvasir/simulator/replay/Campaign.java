package dev.kvasir.simulator.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that vLLM's serving benchmark appended its results to: runs of random prompts under one
 * seed, sent in a closed loop. A prompt is the same in each iteration, and a longer one begins with
 * the shorter one of its place ({@code RandomDataset}: consecutive token ids from a drawn one on).
 * Before each run the benchmark sends its first prompt alone, to see whether the server answers.
 */
public final class Campaign {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PAUSE_NANOS = 5_000_000_000L;

  /**
   * One run of the benchmark.
   *
   * @param inputTokens of each prompt
   * @param outputTokens of each answer
   * @param iteration from 1, the cold one
   * @param meanTtftMillis as measured
   */
  public record Run(
      int inputTokens,
      int outputTokens,
      int iteration,
      int prompts,
      int concurrency,
      double meanTtftMillis) {}

  private final String name;
  private final List<Run> runs;

  private Campaign(String name, List<Run> runs) {
    this.name = name;
    this.runs = List.copyOf(runs);
  }

  /**
   * Reads a file; warm-up runs are left out.
   *
   * @throws IOException if it cannot be read or holds no run
   */
  public static Campaign read(Path file) throws IOException {
    List<Run> runs = new ArrayList<>();
    Map<Integer, Integer> iterations = new LinkedHashMap<>();
    try (MappingIterator<JsonNode> found =
        JSON.readerFor(JsonNode.class).readValues(file.toFile())) {
      while (found.hasNext()) {
        JsonNode run = found.next();
        if (!run.path("type").asText().equals("warmup") && run.has("mean_ttft_ms")) {
          runs.add(of(run, iterations));
        }
      }
    }
    if (runs.isEmpty()) {
      throw new IOException(
          "%s holds no run; expected objects with mean_ttft_ms, as vLLM's benchmark saves them"
              .formatted(file));
    }
    return new Campaign(file.getFileName().toString(), runs);
  }

  public String name() {
    return name;
  }

  public List<Run> runs() {
    return runs;
  }

  /**
   * Plays the runs in their order on one deployment, so that later ones find what earlier ones
   * left.
   *
   * @param iterations the most of one input length that are played
   * @return mean time to the first token in milliseconds, of each run that was played
   */
  public Map<Run, Double> play(Profile profile, int iterations) {
    VirtualRun server = new VirtualRun(profile);
    Map<Run, Double> predicted = new LinkedHashMap<>();
    for (Run each : runs) {
      if (each.iteration() <= iterations) {
        List<Work> prompts = prompts(each);
        server.closed(prompts.subList(0, 1), 1);
        List<Fate> fates = server.closed(prompts, each.concurrency());
        predicted.put(each, Outcome.of(server, fates).meanTtftMillis());
        server.pause(PAUSE_NANOS);
      }
    }
    return predicted;
  }

  private static List<Work> prompts(Run run) {
    List<Work> prompts = new ArrayList<>();
    for (int i = 0; i < run.prompts(); i++) {
      prompts.add(
          new Work(0, Workloads.distinct(i, run.inputTokens()), run.outputTokens(), k -> k));
    }
    return prompts;
  }

  private static Run of(JsonNode run, Map<Integer, Integer> iterations) {
    int prompts = run.path("num_prompts").asInt();
    int input = run.path("input_len").asInt(run.path("total_input_tokens").asInt() / prompts);
    int iteration = iterations.merge(input, 1, Integer::sum);
    int concurrency = run.path("max_concurrency").asInt(prompts);
    return new Run(
        input,
        Math.max(1, mostCommon(run.path("output_lens"))),
        iteration,
        prompts,
        concurrency == 0 ? prompts : concurrency,
        run.path("mean_ttft_ms").asDouble());
  }

  private static int mostCommon(JsonNode lengths) {
    Map<Integer, Integer> counts = new LinkedHashMap<>();
    lengths.forEach(length -> counts.merge(length.asInt(), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(1);
  }
}
