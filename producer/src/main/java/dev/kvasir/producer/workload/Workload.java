package dev.kvasir.producer.workload;

import java.util.List;

/** Where the prompts of every run of a plan come from. One thread uses it. */
public interface Workload {

  /**
   * Draws the prompts of a run: a pure function of its arguments and of what was loaded.
   *
   * @throws DatasetException when the data set holds no usable prompt, or too few
   */
  PromptSet prompts(int measured, int warmUp, long seed);

  /** Name of what counts prompt tokens. */
  String tokenizer();

  /** Records that were left out because they could not be read, each with file, line and cause. */
  List<String> skipped();

  /**
   * Loads what the specification names.
   *
   * @throws DatasetException when a file cannot be read, or a record of it cannot and the
   *     specification is not lenient
   */
  static Workload load(WorkloadSpec spec, Datasets datasets) {
    Tokenizer tokenizer = new Tokenizers(datasets).of(spec.tokenizer());
    return WorkloadLoader.load(spec, datasets, tokenizer);
  }
}
