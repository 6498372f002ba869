package dev.kvasir.producer.workload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where prompts come from, as a plan says it. */
public sealed interface Source {

  /** The kind's name in plans. */
  String kind();

  /** The file that is read; null when prompts are generated. */
  default @Nullable String file() {
    return null;
  }

  /** What a plan says about it beside kind and file, by key. */
  Map<String, Object> settings();

  /**
   * Conversations in ShareGPT's shape.
   *
   * @param file full name of the file
   * @param rules whose rules decide which are used
   * @param contextTokens most tokens of prompt and output together; null for the rules' own limit
   * @param shuffle whether the seed draws the order; else that of the file
   * @param lenient whether records that cannot be read are left out
   */
  record ShareGpt(
      String file,
      BenchmarkRules rules,
      @Nullable Integer contextTokens,
      boolean shuffle,
      boolean lenient)
      implements Source {

    /** By vLLM's rules. */
    public ShareGpt(String file, boolean shuffle, boolean lenient) {
      this(file, BenchmarkRules.VLLM, null, shuffle, lenient);
    }

    @Override
    public String kind() {
      return "sharegpt";
    }

    @Override
    public Map<String, Object> settings() {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("rules", rules.text());
      put(settings, "context-tokens", contextTokens);
      settings.put("shuffle", shuffle);
      settings.put("lenient", lenient);
      return settings;
    }
  }

  /**
   * Prompts, one a record.
   *
   * @param file full name of the file
   * @param fields which fields of a record are used
   * @param shuffle whether the seed draws the order; else that of the file
   * @param lenient whether records that cannot be read are left out
   */
  record PromptFile(String file, RecordFields fields, boolean shuffle, boolean lenient)
      implements Source {

    /** With the usual fields. */
    public PromptFile(String file, boolean shuffle, boolean lenient) {
      this(file, RecordFields.USUAL, shuffle, lenient);
    }

    @Override
    public String kind() {
      return "prompts";
    }

    @Override
    public Map<String, Object> settings() {
      Map<String, Object> settings = new LinkedHashMap<>();
      Map<String, Object> named = new LinkedHashMap<>();
      put(named, "prompt", fields.prompt());
      put(named, "answer", fields.answer());
      put(named, "output-tokens", fields.outputTokens());
      putUnlessEmpty(settings, "fields", named);
      settings.put("shuffle", shuffle);
      settings.put("lenient", lenient);
      return settings;
    }
  }

  /**
   * Words drawn at random, of an exact token length.
   *
   * @param inputTokens prompt tokens, a shared prefix included
   * @param prefixGroups groups of prompts that begin alike; 0 for none
   * @param prefixTokens tokens that the prompts of a group share; 0 for none
   * @param order order of the groups' prompts
   * @param zipf exponent of the groups' popularity, above 0; null when all are equally popular
   */
  record Synthetic(
      TokenRange inputTokens,
      int prefixGroups,
      int prefixTokens,
      PromptOrder order,
      @Nullable Double zipf)
      implements Source {
    public Synthetic {
      if (prefixGroups < 0 || prefixTokens < 0 || (prefixGroups == 0) != (prefixTokens == 0)) {
        throw new IllegalArgumentException(
            "%d groups with a prefix of %d tokens".formatted(prefixGroups, prefixTokens));
      }
      if (prefixTokens >= inputTokens.min()) {
        throw new IllegalArgumentException(
            "a prefix of %d tokens in a prompt of %s".formatted(prefixTokens, inputTokens.text()));
      }
    }

    /** With groups of equal popularity in random order. */
    public Synthetic(TokenRange inputTokens, int prefixGroups, int prefixTokens) {
      this(inputTokens, prefixGroups, prefixTokens, PromptOrder.RANDOM, null);
    }

    @Override
    public String kind() {
      return "synthetic";
    }

    @Override
    public Map<String, Object> settings() {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("input-tokens", inputTokens.text());
      if (prefixGroups > 0) {
        settings.put("prefix-groups", prefixGroups);
        settings.put("prefix-tokens", prefixTokens);
        settings.put("order", order.text());
        put(settings, "zipf", zipf);
      }
      return settings;
    }
  }

  /**
   * Questions about long documents, each asked about several times.
   *
   * @param documents how many, at least 1
   * @param documentTokens tokens of each, at least 1
   * @param questionTokens tokens that follow it in a prompt, at least 1
   * @param order order of the documents' questions
   */
  record LongDocuments(int documents, int documentTokens, int questionTokens, PromptOrder order)
      implements Source {

    Synthetic asSynthetic() {
      return new Synthetic(
          TokenRange.exactly(documentTokens + questionTokens),
          documents,
          documentTokens,
          order,
          null);
    }

    @Override
    public String kind() {
      return "long-documents";
    }

    @Override
    public Map<String, Object> settings() {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("documents", documents);
      settings.put("document-tokens", documentTokens);
      settings.put("question-tokens", questionTokens);
      settings.put("order", order.text());
      return settings;
    }
  }

  /**
   * Conversations of several turns, each of which repeats what was said before.
   *
   * @param turns turns of a session
   * @param inputTokens what the user says in each turn
   * @param historyTokens what the user brings along in the first turn; 0 for nothing
   * @param prefixGroups different system prompts; 0 for none
   * @param prefixTokens tokens of a system prompt; 0 for none
   * @param order order of the sessions' turns
   */
  record Sessions(
      TokenRange turns,
      TokenRange inputTokens,
      int historyTokens,
      int prefixGroups,
      int prefixTokens,
      PromptOrder order)
      implements Source {
    public Sessions {
      if (prefixGroups < 0 || prefixTokens < 0 || (prefixGroups == 0) != (prefixTokens == 0)) {
        throw new IllegalArgumentException(
            "%d system prompts of %d tokens".formatted(prefixGroups, prefixTokens));
      }
    }

    @Override
    public String kind() {
      return "sessions";
    }

    @Override
    public Map<String, Object> settings() {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("turns", turns.text());
      settings.put("input-tokens", inputTokens.text());
      put(settings, "history-tokens", historyTokens == 0 ? null : (Integer) historyTokens);
      if (prefixGroups > 0) {
        settings.put("prefix-groups", prefixGroups);
        settings.put("prefix-tokens", prefixTokens);
      }
      settings.put("order", order.text());
      return settings;
    }
  }

  /**
   * Requests that somebody else's users made.
   *
   * @param file full name of the file
   * @param time what its times are counted in
   * @param blockTokens tokens of the blocks that its records name; null when they name none
   * @param contextTokens requests with more tokens of prompt and output together are left out; null
   *     for no limit
   * @param fields which fields of a record are used
   * @param lenient whether records that cannot be read are left out
   */
  record Trace(
      String file,
      TraceTime time,
      @Nullable Integer blockTokens,
      @Nullable Integer contextTokens,
      TraceFields fields,
      boolean lenient)
      implements Source {

    /** Of any length. */
    public Trace(
        String file,
        TraceTime time,
        @Nullable Integer blockTokens,
        TraceFields fields,
        boolean lenient) {
      this(file, time, blockTokens, null, fields, lenient);
    }

    /**
     * Whether a request is not too long.
     *
     * @param forced the output length to ask for; null for the request's own
     */
    boolean takes(TraceRequest request, @Nullable TokenRange forced) {
      long output = forced == null ? request.outputTokens() : forced.max();
      return contextTokens == null || request.inputTokens() + output <= contextTokens;
    }

    @Override
    public String kind() {
      return "trace";
    }

    @Override
    public Map<String, Object> settings() {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("time-unit", time.text());
      put(settings, "block-tokens", blockTokens);
      put(settings, "context-tokens", contextTokens);
      Map<String, Object> named = new LinkedHashMap<>();
      put(named, "time", fields.time());
      put(named, "input-tokens", fields.inputTokens());
      put(named, "output-tokens", fields.outputTokens());
      put(named, "blocks", fields.blocks());
      putUnlessEmpty(settings, "fields", named);
      settings.put("lenient", lenient);
      return settings;
    }
  }

  private static void put(Map<String, Object> settings, String key, @Nullable Object value) {
    if (value != null) {
      settings.put(key, value);
    }
  }

  private static void putUnlessEmpty(
      Map<String, Object> settings, String key, Map<String, Object> value) {
    if (!value.isEmpty()) {
      settings.put(key, value);
    }
  }
}
