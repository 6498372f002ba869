package dev.kvasir.producer.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Processes that belong to the servers of a generator. */
final class Marked {

  private Marked() {}

  /** Those that run, in the order of their ids. */
  static List<Long> by(long generator) {
    return ProcessHandle.allProcesses()
        .filter(each -> carries(each, generator))
        .map(ProcessHandle::pid)
        .sorted()
        .toList();
  }

  /** Those whose parent is none of them. */
  static List<Long> leaders(long generator) {
    return ProcessHandle.allProcesses()
        .filter(each -> carries(each, generator))
        .filter(each -> each.parent().map(parent -> !carries(parent, generator)).orElse(true))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static boolean carries(ProcessHandle process, long generator) {
    try {
      String environment =
          Files.readString(
              Path.of("/proc", Long.toString(process.pid()), "environ"),
              StandardCharsets.ISO_8859_1);
      return environment.contains("KVASIR_SERVER=" + generator + "-");
    } catch (IOException e) {
      return false;
    }
  }
}
