package dev.kvasir.simulator.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kvasir.simulator.engine.Prompt;
import dev.kvasir.simulator.engine.Work;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A trace in Mooncake's form: a JSON object a line, with {@code timestamp} in milliseconds, {@code
 * input_length}, {@code output_length}, and {@code hash_ids} of the 512-token pieces of the prompt,
 * equal where two prompts begin alike.
 */
public final class MooncakeTrace {
  /** Tokens of a piece. */
  public static final int PIECE = 512;

  private static final ObjectReader JSON = new JsonMapper().reader();

  private final List<Work> requests;
  private final int ids;

  private MooncakeTrace(List<Work> requests, int ids) {
    this.requests = List.copyOf(requests);
    this.ids = ids;
  }

  /**
   * Reads a trace.
   *
   * @throws IOException if it cannot be read, or a line is no request; the message says which
   */
  public static MooncakeTrace read(Path file) throws IOException {
    List<Work> requests = new ArrayList<>();
    int most = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          JsonNode node = JSON.readTree(line);
          for (JsonNode id : node.path("hash_ids")) {
            most = Math.max(most, id.asInt());
          }
          requests.add(request(node, file, number));
        }
      }
    }
    if (requests.isEmpty()) {
      throw new IOException("%s is empty; expected a request a line".formatted(file));
    }
    return new MooncakeTrace(requests, most + 1);
  }

  /** The requests of the trace. */
  public List<Work> requests() {
    return requests;
  }

  /**
   * So many requests: the trace again and again, each time with ids of its own.
   *
   * @param speed how much faster than recorded they come
   * @param maxTokens the most tokens of one request; longer prompts lose their end
   */
  public List<Work> repeated(int count, double speed, int maxTokens) {
    long span = requests.getLast().arrivedNanos() + 1_000_000_000L;
    List<Work> schedule = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Work work = requests.get(i % requests.size());
      int round = i / requests.size();
      long at = (long) ((work.arrivedNanos() + round * span) / speed);
      int output = Math.min(work.outputTokens(), maxTokens - 1);
      Prompt prompt = moved(work.prompt(), round, maxTokens - output);
      schedule.add(new Work(at, prompt, output, work.output()));
    }
    return schedule;
  }

  private Prompt moved(Prompt prompt, int round, int most) {
    if (!(prompt instanceof Prompt.PiecePrompt(long[] given, int piece, int length))) {
      return prompt;
    }
    int tokens = Math.min(length, most);
    long[] moved = new long[Math.ceilDiv(tokens, piece)];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = given[i] + (long) round * ids;
    }
    return Prompt.ofPieces(moved, piece, tokens);
  }

  private static Work request(JsonNode node, Path file, int line) throws IOException {
    int input = node.path("input_length").asInt();
    int output = Math.max(1, node.path("output_length").asInt());
    JsonNode hashes = node.path("hash_ids");
    if (input < 1 || hashes.size() != Math.ceilDiv(input, PIECE)) {
      throw new IOException(
          "%s:%d: %d input tokens have %d hash_ids; expected one for each %d tokens"
              .formatted(file, line, input, hashes.size(), PIECE));
    }
    long[] ids = new long[hashes.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = hashes.get(i).asLong();
    }
    long at = node.path("timestamp").asLong() * 1_000_000;
    return new Work(at, Prompt.ofPieces(ids, PIECE, input), output, k -> k);
  }
}
