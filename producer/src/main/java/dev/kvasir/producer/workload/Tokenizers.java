package dev.kvasir.producer.workload;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokenizers, each read once. One thread uses them. */
final class Tokenizers {

  private final Datasets datasets;
  private final Map<String, Tokenizer> read = new HashMap<>();
  private @Nullable Tokenizer embedded;

  Tokenizers(Datasets datasets) {
    this.datasets = datasets;
  }

  /**
   * A tokenizer.
   *
   * @param file full name of its file; null for the embedded one
   * @throws DatasetException if the file is no tokenizer
   */
  Tokenizer of(@Nullable String file) {
    if (file != null) {
      return read.computeIfAbsent(file, each -> FileTokenizer.read(each, datasets));
    }
    if (embedded == null) {
      embedded = new Cl100kTokenizer();
    }
    return embedded;
  }
}
