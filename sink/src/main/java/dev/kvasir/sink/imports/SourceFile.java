package dev.kvasir.sink.imports;

import java.util.List;

/**
 * A file to import, as far as its name tells.
 *
 * @param name its name, without its folder
 * @param folders the folders that it lies in, the nearest first
 * @param sha256 SHA-256 of all its bytes, in hexadecimal
 * @param modifiedAt when it was last changed, epoch nanoseconds
 */
public record SourceFile(String name, List<String> folders, String sha256, long modifiedAt) {

  public SourceFile {
    folders = List.copyOf(folders);
  }

  /** The nearest folder; {@code import} when there is none. */
  String folder() {
    return folders.isEmpty() ? "import" : folders.getFirst();
  }

  /** The folder around the nearest one; the nearest one when there is none. */
  String outerFolder() {
    return folders.size() < 2 ? folder() : folders.get(1);
  }

  /** The name without its last ending. */
  String stem() {
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? name : name.substring(0, dot);
  }
}
