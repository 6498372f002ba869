package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.BenchmarkRules;
import dev.kvasir.producer.workload.DatasetException;
import dev.kvasir.producer.workload.Datasets;
import dev.kvasir.producer.workload.KvSizing;
import dev.kvasir.producer.workload.PromptOrder;
import dev.kvasir.producer.workload.RecordFields;
import dev.kvasir.producer.workload.Source;
import dev.kvasir.producer.workload.TokenRange;
import dev.kvasir.producer.workload.TraceFields;
import dev.kvasir.producer.workload.TraceFile;
import dev.kvasir.producer.workload.TraceTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads where the prompts of a plan come from, kind by kind. */
final class SourceReader {

  static final List<String> PROMPT_FIELDS = List.of("prompt", "answer", "output-tokens");
  static final List<String> TRACE_FIELDS =
      List.of("time", "input-tokens", "output-tokens", "blocks");

  static final Value<BenchmarkRules> RULES =
      Value.oneOf(BenchmarkRules.values(), BenchmarkRules::text);
  static final Value<PromptOrder> ORDER = Value.oneOf(PromptOrder.values(), PromptOrder::text);
  private static final Value<TraceTime> TIME_UNIT =
      Value.oneOf(TraceTime.values(), TraceTime::text);
  private static final int SGLANG_SHORTEST_FORCED = 4;

  private final Section workload;
  private final Datasets datasets;
  private final @Nullable KvSizing sizing;

  private SourceReader(Section workload, Datasets datasets, @Nullable KvSizing sizing) {
    this.workload = workload;
    this.datasets = datasets;
    this.sizing = sizing;
  }

  /**
   * Where prompts come from.
   *
   * @param prompts how many of them that means; null when it means none in particular
   */
  record Sourced(Source source, @Nullable Integer prompts) {}

  /** The source; null when a problem keeps it from being one. */
  static @Nullable Sourced read(
      Section workload,
      WorkloadKind kind,
      @Nullable String file,
      Datasets datasets,
      @Nullable KvSizing sizing) {
    if (kind.isRead() && !workload.has("file")) {
      workload.required("file", new Value<>("the path of a file of prompts", text -> text));
    }
    if (kind.isRead() && file == null) {
      return null;
    }
    SourceReader reader = new SourceReader(workload, datasets, sizing);
    return switch (kind) {
      case SHAREGPT -> reader.shareGpt(String.valueOf(file));
      case PROMPTS -> reader.promptFile(String.valueOf(file));
      case TRACE -> reader.trace(String.valueOf(file));
      case SYNTHETIC -> SyntheticReader.read(workload, sizing);
      case LONG_DOCUMENTS -> reader.longDocuments();
      case SESSIONS -> reader.sessions();
    };
  }

  private boolean shuffle() {
    return workload.valueOr("shuffle", Value.SWITCH, true);
  }

  private boolean lenient() {
    return workload.valueOr("lenient", Value.SWITCH, false);
  }

  private Sourced shareGpt(String file) {
    BenchmarkRules rules = workload.valueOr("rules", RULES, BenchmarkRules.VLLM);
    Integer context = workload.value("context-tokens", Value.atLeast(1));
    if (rules == BenchmarkRules.VLLM) {
      workload.refuse(
          "context-tokens", "leave it out: vLLM's rules have limits of their own; see rules");
    }
    TokenRange output = workload.value("output-tokens", Value.TOKENS);
    if (rules == BenchmarkRules.SGLANG && output != null && output.min() < SGLANG_SHORTEST_FORCED) {
      workload.add(
          "output-tokens",
          "%s is %s by SGLang's rules".formatted(workload.name("output-tokens"), output.text()),
          "it must be at least " + SGLANG_SHORTEST_FORCED);
    }
    return new Sourced(new Source.ShareGpt(file, rules, context, shuffle(), lenient()), null);
  }

  private Sourced promptFile(String file) {
    Section section = workload.section("fields", PROMPT_FIELDS);
    RecordFields fields =
        section == null
            ? RecordFields.USUAL
            : new RecordFields(
                section.value("prompt", Value.TEXT),
                section.value("answer", Value.TEXT),
                section.value("output-tokens", Value.TEXT));
    return new Sourced(new Source.PromptFile(file, fields, shuffle(), lenient()), null);
  }

  private @Nullable Sourced trace(String file) {
    TraceFields fields = traceFields();
    Integer blockTokens = workload.value("block-tokens", Value.atLeast(1));
    boolean blocks = TraceFile.namesBlocks(file, fields, datasets);
    if (blocks) {
      workload.required("block-tokens", Value.atLeast(1));
    } else {
      workload.refuse("block-tokens", "leave it out: the file's first record names no blocks");
    }
    TraceTime time = workload.required("time-unit", TIME_UNIT);
    if (time == null || blocks != (blockTokens != null)) {
      return null;
    }
    Integer context = workload.value("context-tokens", Value.atLeast(1));
    Source.Trace trace = new Source.Trace(file, time, blockTokens, context, fields, lenient());
    Integer requests = requests(trace);
    return requests == null ? null : new Sourced(trace, requests);
  }

  private TraceFields traceFields() {
    Section section = workload.section("fields", TRACE_FIELDS);
    return section == null
        ? TraceFields.USUAL
        : new TraceFields(
            section.value("time", Value.TEXT),
            section.value("input-tokens", Value.TEXT),
            section.value("output-tokens", Value.TEXT),
            section.value("blocks", Value.TEXT));
  }

  /** How many requests the trace has; null, with a problem noted, when they are too few. */
  private @Nullable Integer requests(Source.Trace trace) {
    int requests;
    try {
      requests = TraceFile.requests(trace, workload.value("output-tokens", Value.TOKENS), datasets);
    } catch (DatasetException unusable) {
      workload.add(
          "file",
          String.valueOf(unusable.getMessage()),
          "check time-unit, block-tokens and fields too");
      return null;
    }
    Integer wanted = workload.value("prompts", Value.atLeast(1));
    if (requests == 0 || (wanted != null && wanted > requests)) {
      workload.add(
          wanted == null ? "file" : "prompts",
          String.format(
              Locale.ROOT, "%s has %,d requests that fit", workload.name("file"), requests),
          "ask for as many at most, from a trace that has some");
      return null;
    }
    return requests;
  }

  private @Nullable Sourced longDocuments() {
    boolean lengths = sizedLengths("documents", "document-tokens");
    boolean numbers = sizing != null && sizing.target() != null && !lengths;
    Integer documents = numbers ? (Integer) 1 : workload.required("documents", Value.atLeast(1));
    Integer tokens = lengths ? (Integer) 1 : workload.required("document-tokens", Value.atLeast(1));
    Integer question = workload.required("question-tokens", Value.atLeast(1));
    int questions = workload.valueOr("questions", Value.atLeast(1), 2);
    PromptOrder order = workload.valueOr("order", ORDER, PromptOrder.TILE);
    workload.refuse("prompts", "leave it out: documents and questions decide how many there are");
    if (documents == null || tokens == null || question == null) {
      return null;
    }
    return new Sourced(
        new Source.LongDocuments(documents, tokens, question, order),
        Math.multiplyExact(documents, questions));
  }

  /** Whether the sizing computes lengths, because the number of groups is given. */
  private boolean sizedLengths(String groups, String tokens) {
    return sizing != null
        && sizing.target() instanceof KvSizing.WorkingSet
        && workload.has(groups)
        && !workload.has(tokens);
  }

  private @Nullable Sourced sessions() {
    TokenRange turns = workload.required("turns", Value.TOKENS);
    TokenRange input = workload.required("input-tokens", Value.TOKENS);
    workload.required("output-tokens", Value.TOKENS);
    Integer history = workload.value("history-tokens", Value.atLeast(1));
    Integer groups = workload.value("prefix-groups", Value.atLeast(1));
    Integer prefix = workload.value("prefix-tokens", Value.atLeast(1));
    PromptOrder order = workload.valueOr("order", ORDER, PromptOrder.TILE);
    Integer prompts = turns == null ? null : sessionPrompts(turns);
    if (turns == null || input == null || !workload.has("output-tokens")) {
      return null;
    }
    if (prefix == null && groups != null) {
      workload.required("prefix-tokens", Value.atLeast(1));
      return null;
    }
    int systems = prefix == null ? 0 : groups == null ? 1 : groups;
    return new Sourced(
        new Source.Sessions(
            turns,
            input,
            history == null ? 0 : history,
            systems,
            prefix == null ? 0 : prefix,
            order),
        prompts);
  }

  /** The requests of so many sessions; null when their number is not what decides. */
  private @Nullable Integer sessionPrompts(TokenRange turns) {
    Integer sessions = workload.value("sessions", Value.atLeast(1));
    if (sessions == null) {
      return null;
    }
    if (workload.has("prompts")) {
      workload.refuse("sessions", "leave it out, or leave out prompts: each decides how many");
      return null;
    }
    if (!turns.isFixed()) {
      workload.refuse("sessions", "give prompts instead: the number of turns varies");
      return null;
    }
    return Math.multiplyExact(sessions, turns.min());
  }
}
