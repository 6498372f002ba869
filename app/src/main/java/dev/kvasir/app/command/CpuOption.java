package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Processors;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The processors that a command keeps to. */
final class CpuOption {

  @Option(
      names = "--cpus",
      paramLabel = "LIST",
      description =
          "Processors that Kvasir's own processes keep to, such as 0-3 or 0,2; servers that it"
              + " starts or simulates keep all (Linux; default: all).")
  private @Nullable String list;

  /** Says what is pinned; refuses where the launcher has not pinned this process. */
  void say(PrintWriter err) {
    if (list == null) {
      return;
    }
    if (!Processors.arePinned()) {
      throw new Refusal(
          ExitCode.USAGE,
          "--cpus is %s, and this process is not pinned: start it with the kvasir launcher, which does that"
              .formatted(list));
    }
    err.printf("Kvasir keeps to processors %s; servers may use %s.%n", list, Processors.all());
  }
}
