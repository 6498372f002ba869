package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Build;
import dev.kvasir.app.pipeline.Holder;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Shows what this machine offers Kvasir. */
@Command(
    name = "doctor",
    description = "Show versions, the Java runtime, ports, the home, who holds it, and the disk.",
    subcommands = DoctorLabelsCommand.class,
    footer = {"%nExamples:", "  kvasir doctor", "  kvasir doctor --json", "  kvasir doctor labels"})
final class DoctorCommand implements Callable<ExitCode> {

  private static final int PAGE_PORT = 8686;

  @ParentCommand private Kvasir kvasir;
  @Mixin private JsonOption json;

  Kvasir kvasir() {
    return kvasir;
  }

  @Override
  public ExitCode call() {
    Map<String, String> findings = findings(kvasir.home());
    PrintWriter out = kvasir.terminal().out();
    if (json.wanted()) {
      json.print(out, findings);
    } else {
      findings.forEach((name, value) -> out.printf("%-12s %s%n", name, value));
    }
    return ExitCode.OK;
  }

  private static Map<String, String> findings(Home home) {
    Build build = Build.current();
    Runtime runtime = Runtime.getRuntime();
    Map<String, String> found = new LinkedHashMap<>();
    found.put("kvasir", "%s (commit %s)".formatted(build.version(), build.commit()));
    found.put(
        "java",
        "%s at %s".formatted(System.getProperty("java.version"), System.getProperty("java.home")));
    found.put(
        "system",
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    found.put("processors", Integer.toString(runtime.availableProcessors()));
    found.put("page port", PAGE_PORT + (Ports.isFree(PAGE_PORT) ? " is free" : " is in use"));
    found.put("home", describe(home));
    found.put("holder", Holder.of(home).map(Holder::describe).orElse("nobody"));
    found.put("disk", String.format(Locale.ROOT, "%,d MiB free", freeBytes(home.folder()) >> 20));
    return found;
  }

  private static String describe(Home home) {
    return home.made()
        .map(made -> "%s (%s)".formatted(home.folder(), made))
        .orElse(home.folder() + " (not made yet)");
  }

  private static long freeBytes(Path folder) {
    Path existing = folder;
    for (Path up = folder; up != null && !Files.exists(existing); up = up.getParent()) {
      existing = up;
    }
    try {
      return Files.getFileStore(existing).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("the free space of " + existing + " cannot be read", e);
    }
  }
}
