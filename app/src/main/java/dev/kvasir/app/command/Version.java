package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Build;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    Build build = Build.current();
    return new String[] {
      "kvasir %s (commit %s)".formatted(build.version(), build.commit()),
      "Java %s, %s"
          .formatted(System.getProperty("java.version"), System.getProperty("java.vm.name"))
    };
  }
}
