package dev.kvasir.sink.imports;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person says about everything that is imported at once.
 *
 * @param experiment experiment of the runs; null for the one that folder and file tell
 * @param strategy strategy of the runs; null for the one that file and record tell
 * @param labels labels that the runs are declared to have, over those in the files
 */
public record ImportOptions(
    @Nullable String experiment, @Nullable String strategy, Map<String, String> labels) {

  /** Nothing said. */
  public static final ImportOptions NONE = new ImportOptions(null, null, Map.of());

  public ImportOptions {
    labels = Map.copyOf(labels);
  }
}
