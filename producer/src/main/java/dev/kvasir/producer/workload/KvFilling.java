package dev.kvasir.producer.workload;

import org.jspecify.annotations.Nullable;

/** How many prompts, groups or tokens fill an amount of KV cache, and the other way round. */
final class KvFilling {

  private KvFilling() {}

  /** The workload whose prompts take the point's bytes. */
  static WorkloadSpec fill(WorkloadSpec spec, KvSizing sizing, KvSizing.Point point) {
    long tokens = ceil(point.bytes(), sizing.bytesPerToken());
    return switch (sizing.target()) {
      case null -> spec;
      case KvSizing.Bytes bytes -> prompts(spec, tokens);
      case KvSizing.WorkingSet set -> workingSet(spec, set, tokens);
    };
  }

  private static WorkloadSpec prompts(WorkloadSpec spec, long tokens) {
    if (!(spec.source() instanceof Source.Synthetic synthetic)) {
      return spec;
    }
    long shared = (long) synthetic.prefixGroups() * synthetic.prefixTokens();
    double own = synthetic.inputTokens().mean() - synthetic.prefixTokens();
    return spec.with(synthetic, count((long) Math.ceil((tokens - shared) / own)));
  }

  private static WorkloadSpec workingSet(WorkloadSpec spec, KvSizing.WorkingSet set, long tokens) {
    return switch (spec.source()) {
      case Source.Synthetic synthetic -> {
        int groups = set.lengths() ? synthetic.prefixGroups() : groups(tokens, synthetic);
        int prefix = set.lengths() ? count(ceil(tokens, groups)) : synthetic.prefixTokens();
        TokenRange input = synthetic.inputTokens().plus(prefix - synthetic.prefixTokens());
        yield spec.with(
            new Source.Synthetic(input, groups, prefix, synthetic.order(), synthetic.zipf()),
            prompts(spec, set, groups));
      }
      case Source.LongDocuments documents -> {
        int number =
            set.lengths() ? documents.documents() : count(ceil(tokens, documents.documentTokens()));
        int length = set.lengths() ? count(ceil(tokens, number)) : documents.documentTokens();
        yield spec.with(
            new Source.LongDocuments(number, length, documents.questionTokens(), documents.order()),
            prompts(spec, set, number));
      }
      default -> spec;
    };
  }

  private static int groups(long tokens, Source.Synthetic synthetic) {
    return count(ceil(tokens, synthetic.prefixTokens()));
  }

  private static int prompts(WorkloadSpec spec, KvSizing.WorkingSet set, int groups) {
    Integer perGroup = set.promptsPerGroup();
    return perGroup == null ? spec.prompts() : Math.multiplyExact(perGroup, groups);
  }

  /** Tokens of all prompts of a run, what they share counted once; null when a file decides. */
  static @Nullable Long distinctTokens(WorkloadSpec spec) {
    return switch (spec.source()) {
      case Source.Synthetic synthetic -> {
        long shared = (long) synthetic.prefixGroups() * synthetic.prefixTokens();
        double own = synthetic.inputTokens().mean() - synthetic.prefixTokens();
        yield (Long) (shared + Math.round(spec.prompts() * own));
      }
      case Source.LongDocuments documents ->
          (Long)
              ((long) documents.documents() * documents.documentTokens()
                  + (long) spec.prompts() * documents.questionTokens());
      case Source.Sessions sessions -> {
        double each = sessions.inputTokens().mean() + spec.answerTokens().mean();
        double history = sessions.historyTokens() / sessions.turns().mean();
        long shared = (long) sessions.prefixGroups() * sessions.prefixTokens();
        yield (Long) (shared + Math.round(spec.prompts() * (each + history)));
      }
      case Source.ShareGpt _, Source.PromptFile _, Source.Trace _ -> null;
    };
  }

  private static long ceil(long amount, long unit) {
    return Math.ceilDiv(amount, unit);
  }

  private static int count(long number) {
    return Math.toIntExact(Math.max(1, number));
  }
}
