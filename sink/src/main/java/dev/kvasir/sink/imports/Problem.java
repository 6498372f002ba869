package dev.kvasir.sink.imports;

import org.jspecify.annotations.Nullable;

/**
 * Something that was left out of an import.
 *
 * @param file the file's name
 * @param line line of the file, from 1, or place of the record in it; null for the whole file
 * @param reason why
 */
public record Problem(String file, @Nullable Long line, String reason) {

  /** The place and the reason. */
  public String text() {
    return (line == null ? file : file + ":" + line) + ": " + reason;
  }
}
