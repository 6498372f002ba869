package dev.kvasir.app.pipeline;

import java.nio.file.Path;
import java.util.List;

/**
 * The Java runtime's cache of classes loaded and methods profiled in an earlier start, a file for
 * each role of a process. The launcher has them recorded after a build; one that is missing or does
 * not fit is not used. It is mapped where it was recorded: to move it takes part of a second.
 */
public final class StartCache {

  private StartCache() {}

  /** Whether this start is recorded. */
  static boolean isRecorded() {
    return Boolean.getBoolean("kvasir.aot.record");
  }

  /** What a Java process of a role is started with. */
  public static List<String> options(String role) {
    String folder = System.getProperty("kvasir.aot");
    if (folder == null) {
      return List.of();
    }
    Path file = Path.of(folder, role + ".aot");
    if (isRecorded()) {
      return List.of("-Xlog:disable", "-XX:AOTCacheOutput=" + file);
    }
    return List.of(
        "-Xlog:disable",
        "-XX:AOTCache=" + file,
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:ArchiveRelocationMode=0");
  }
}
