package dev.kvasir.producer.server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a server wrote to its standard output and error.
 *
 * @param file where it lies
 */
record ServerLog(Path file) {

  private static final int TAIL_BYTES = 64 << 10;
  private static final int TAIL_LINES = 15;
  private static final int LINE_CHARACTERS = 300;
  private static final Pattern COLOURS = Pattern.compile("\\x1b\\[[0-9;?]*[A-Za-z]");
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\\n]]");
  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile(
          "OutOfMemoryError|CUDA out of memory|CUDA error: out of memory"
              + "|cudaMalloc failed: out of memory|No available memory for the cache blocks"
              + "|larger than the maximum number of tokens that can be stored in KV cache"
              + "|Not enough memory. Please try|failed to allocate (?:buffer for )?kv cache"
              + "|hipErrorOutOfMemory");

  /** Its last lines; empty when it wrote nothing. */
  List<String> tail() {
    List<String> lines = lines();
    return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
  }

  /** A line among the last ones that says that memory ran out. */
  Optional<String> outOfMemory() {
    return lines().stream().filter(line -> OUT_OF_MEMORY.matcher(line).find()).findFirst();
  }

  private List<String> lines() {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, log.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (log.length() - from)];
      log.seek(from);
      log.readFully(bytes);
      String text = COLOURS.matcher(new String(bytes, StandardCharsets.UTF_8)).replaceAll("");
      return CONTROLS
          .matcher(text)
          .replaceAll(" ")
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .map(line ->
              line.length() > LINE_CHARACTERS ? line.substring(0, LINE_CHARACTERS) + "…" : line)
          .toList();
    } catch (IOException e) {
      return List.of("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }
}
