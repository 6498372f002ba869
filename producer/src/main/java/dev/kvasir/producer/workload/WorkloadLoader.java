package dev.kvasir.producer.workload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the workload that a specification describes. */
final class WorkloadLoader {

  private WorkloadLoader() {}

  static Workload load(WorkloadSpec spec, Datasets datasets, Tokenizer tokenizer) {
    return switch (spec.source()) {
      case WorkloadSpec.ShareGpt source -> shareGpt(spec, source, datasets, tokenizer);
      case WorkloadSpec.PromptFile source -> promptFile(spec, source, datasets, tokenizer);
      case WorkloadSpec.Synthetic source ->
          new SyntheticWorkload(source, spec.outputTokens(), tokenizer);
    };
  }

  private static Workload shareGpt(
      WorkloadSpec spec, WorkloadSpec.ShareGpt source, Datasets datasets, Tokenizer tokenizer) {
    Integer forced = spec.fixedOutputTokens();
    RecordReader reader = new RecordReader(source.file(), source.lenient());
    List<Conversation> conversations =
        reader.readAll(datasets, node -> Conversation.read(node, forced == null));
    ShareGptRules rules = new ShareGptRules(forced, tokenizer);
    return new DrawnWorkload(
        source.file(),
        source.shuffle(),
        conversations.size(),
        index -> rules.prompt(conversations.get(index)),
        tokenizer,
        reader.skipped());
  }

  private static Workload promptFile(
      WorkloadSpec spec, WorkloadSpec.PromptFile source, Datasets datasets, Tokenizer tokenizer) {
    Integer forced = spec.fixedOutputTokens();
    RecordReader reader = new RecordReader(source.file(), source.lenient());
    List<PromptRecord> records = reader.readAll(datasets, PromptRecord::read);
    return new DrawnWorkload(
        source.file(),
        source.shuffle(),
        records.size(),
        index -> prompt(records.get(index), forced, tokenizer),
        tokenizer,
        reader.skipped());
  }

  private static Prompt prompt(PromptRecord prompt, @Nullable Integer forced, Tokenizer tokenizer) {
    int tokens = tokenizer.count(Prompt.text(prompt.messages()));
    return Prompt.of(prompt.messages(), tokens, forced != null ? forced : prompt.outputTokens());
  }
}
