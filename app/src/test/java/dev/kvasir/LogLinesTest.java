package dev.kvasir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is logged is a sentence that never changes, and after it what does, as {@code key=value}.
 */
class LogLinesTest {

  private static final Pattern LINE =
      Pattern.compile(
          "(?:LOG|getLogger\\([A-Za-z.]+\\))\\s*\\.(?:info|warn|error|debug)\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern WELL_FORMED =
      Pattern.compile("[^{}=]+(?: [a-z_]+=(?:\\{}|\\\\\"\\{}\\\\\"))*");

  @Test
  void everyLineIsASentenceAndThenKeysWithValues() throws IOException {
    List<String> lines;
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      lines =
          files
              .filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
              .flatMap(file -> LINE.matcher(text(file)).results().map(found -> found.group(1)))
              .toList();
    }

    assertThat(lines).hasSizeGreaterThan(60).allMatch(WELL_FORMED.asMatchPredicate());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
