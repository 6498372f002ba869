package dev.kvasir.simulator.replay;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Files of others that are not part of the project; a test without them is skipped. */
final class ReferenceData {
  static final String MOONCAKE = "traces/mooncake/synthetic_trace.jsonl";

  private ReferenceData() {}

  /** The file below {@code shared/data} beside the project, or the test is skipped. */
  static Path file(String name) {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("shared/data"))) {
      folder = folder.getParent();
    }
    Assumptions.assumeTrue(
        folder != null && Files.exists(folder.resolve("shared/data").resolve(name)),
        () -> "skipped: shared/data/" + name + " is not at hand");
    return folder.resolve("shared/data").resolve(name);
  }
}
