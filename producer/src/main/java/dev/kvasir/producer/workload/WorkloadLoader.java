package dev.kvasir.producer.workload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the workload that a specification describes. */
final class WorkloadLoader {

  private WorkloadLoader() {}

  static Workload load(WorkloadSpec spec, Datasets datasets, Tokenizer tokenizer) {
    return switch (spec.source()) {
      case Source.ShareGpt source -> shareGpt(spec, source, datasets, tokenizer);
      case Source.PromptFile source -> promptFile(spec, source, datasets, tokenizer);
      case Source.Synthetic source -> new SyntheticWorkload(source, spec.outputTokens(), tokenizer);
      case Source.LongDocuments source ->
          new SyntheticWorkload(source.asSynthetic(), spec.outputTokens(), tokenizer);
      case Source.Sessions source -> new SessionWorkload(source, spec.answerTokens(), tokenizer);
      case Source.Trace source -> trace(spec, source, datasets, tokenizer);
    };
  }

  private static Workload shareGpt(
      WorkloadSpec spec, Source.ShareGpt source, Datasets datasets, Tokenizer tokenizer) {
    Integer forced = spec.fixedOutputTokens();
    RecordReader reader = new RecordReader(source.file(), source.lenient());
    Records<Conversation> conversations =
        reader.index(datasets, node -> Conversation.read(node, forced == null));
    ShareGptRules rules =
        new ShareGptRules(source.rules(), source.contextTokens(), forced, tokenizer);
    return new DrawnWorkload(
        source.file(),
        new DrawnWorkload.Drawing(source.shuffle(), source.rules() == BenchmarkRules.VLLM),
        new Judged(conversations.size(), index -> rules.prompt(conversations.get(index))),
        tokenizer,
        reader.skipped());
  }

  private static Workload promptFile(
      WorkloadSpec spec, Source.PromptFile source, Datasets datasets, Tokenizer tokenizer) {
    Integer forced = spec.fixedOutputTokens();
    RecordReader reader = new RecordReader(source.file(), source.lenient());
    Records<PromptRecord> records =
        reader.index(datasets, node -> PromptRecord.read(node, source.fields()));
    return new DrawnWorkload(
        source.file(),
        new DrawnWorkload.Drawing(source.shuffle(), true),
        new Judged(records.size(), index -> prompt(records.get(index), forced, tokenizer)),
        tokenizer,
        reader.skipped());
  }

  private static Prompt prompt(PromptRecord record, @Nullable Integer forced, Tokenizer tokenizer) {
    int tokens = tokenizer.count(Prompt.text(record.messages()));
    return Prompt.of(record.messages(), tokens, outputTokens(record, forced, tokenizer));
  }

  private static @Nullable Integer outputTokens(
      PromptRecord record, @Nullable Integer forced, Tokenizer tokenizer) {
    if (forced != null) {
      return forced;
    }
    String answer = record.answer();
    return answer == null ? record.outputTokens() : (Integer) Math.max(1, tokenizer.count(answer));
  }

  private static Workload trace(
      WorkloadSpec spec, Source.Trace source, Datasets datasets, Tokenizer tokenizer) {
    RecordReader reader = new RecordReader(source.file(), source.lenient());
    List<TraceRequest> requests = reader.readAll(datasets, TraceRequest.shape(source));
    return new TraceWorkload(source, spec.outputTokens(), tokenizer, requests, reader.skipped());
  }
}
