package dev.kvasir.producer.plan;

/** Options of what is sent. */
enum WorkloadOption implements PlanOption {
  DATASET_NAME(
      Kind.ONE,
      "workload.kind",
      "KIND",
      "sharegpt, prompts, synthetic, long-documents, sessions or trace; default: as the file shows",
      "--dataset-name"),
  DATASET(Kind.ONE, "workload.file", "FILE", "file of prompts", "--dataset", "--dataset-path"),
  PROMPTS(
      Kind.ONE,
      "workload.prompts",
      "N",
      "measured requests of each run; default: 1000",
      "--prompts",
      "--num-prompts"),
  REASON(
      Kind.ONE, "workload.reason", "TEXT", "why fewer than 1,000 prompts are enough", "--reason"),
  OUTPUT_LEN(
      Kind.ONE,
      "workload.output-tokens",
      "TOKENS",
      "output tokens to ask for",
      "--output-len",
      "--sharegpt-output-len",
      "--custom-output-len",
      "--random-output-len",
      "--prefix-repetition-output-len",
      "--gsp-output-len"),
  IGNORE_EOS(
      Kind.FLAG,
      "workload.ignore-eos",
      "",
      "ask the server to go on to the output length",
      "--ignore-eos"),
  INPUT_LEN(
      Kind.ONE,
      "workload.input-tokens",
      "TOKENS",
      "prompt tokens of synthetic prompts",
      "--input-len",
      "--random-input-len"),
  SUFFIX_LEN(
      Kind.ONE,
      "workload.suffix-tokens",
      "TOKENS",
      "instead of --input-len: tokens after what a group shares",
      "--suffix-len",
      "--prefix-repetition-suffix-len",
      "--gsp-question-len"),
  RANGE_RATIO(
      Kind.ONE,
      "workload.range-ratio",
      "RATIO",
      "draw the lengths of synthetic prompts around it",
      "--range-ratio",
      "--random-range-ratio"),
  RULES(
      Kind.ONE,
      "workload.rules",
      "RULES",
      "vllm (default) or sglang: whose rules choose or draw prompts",
      "--rules"),
  CONTEXT_LEN(
      Kind.ONE,
      "workload.context-tokens",
      "TOKENS",
      "ShareGPT by SGLang's rules: most tokens of prompt and output",
      "--context-len",
      "--sharegpt-context-len"),
  PREFIX_GROUPS(
      Kind.ONE,
      "workload.prefix-groups",
      "N",
      "groups of synthetic prompts that begin alike",
      "--prefix-groups",
      "--prefix-repetition-num-prefixes",
      "--gsp-num-groups"),
  PREFIX_TOKENS(
      Kind.ONE,
      "workload.prefix-tokens",
      "TOKENS",
      "tokens that the prompts of a group share",
      "--prefix-tokens",
      "--prefix-repetition-prefix-len",
      "--gsp-system-prompt-len"),
  COMMON_PREFIX(
      Kind.ONE,
      "workload.prefix-tokens",
      "TOKENS",
      "tokens before --input-len that all synthetic prompts share",
      "--common-prefix",
      "--random-prefix-len"),
  PROMPTS_PER_GROUP(
      Kind.ONE,
      "workload.prompts-per-group",
      "N",
      "instead of --prompts",
      "--prompts-per-group",
      "--gsp-prompts-per-group"),
  ZIPF(
      Kind.ONE,
      "workload.zipf",
      "ALPHA",
      "exponent of the groups' popularity; default: all are equal",
      "--zipf",
      "--gsp-zipf-alpha"),
  PROMPT_ORDER(
      Kind.ONE,
      "workload.order",
      "ORDER",
      "random, tile or interleave prompts that share something",
      "--prompt-order",
      "--repeat-mode"),
  DOCUMENTS(
      Kind.ONE,
      "workload.documents",
      "N",
      "long documents that are asked about",
      "--documents",
      "--num-documents"),
  DOCUMENT_LEN(
      Kind.ONE,
      "workload.document-tokens",
      "TOKENS",
      "tokens of a document",
      "--document-len",
      "--document-length"),
  QUESTION_LEN(
      Kind.ONE,
      "workload.question-tokens",
      "TOKENS",
      "tokens of a question about a document",
      "--question-len"),
  QUESTIONS(
      Kind.ONE,
      "workload.questions",
      "N",
      "questions about each document; default: 2",
      "--questions",
      "--repeat-count"),
  SESSIONS(Kind.ONE, "workload.sessions", "N", "instead of --prompts", "--sessions"),
  TURNS(Kind.ONE, "workload.turns", "N", "turns of a session, a number or a range", "--turns"),
  HISTORY_LEN(
      Kind.ONE,
      "workload.history-tokens",
      "TOKENS",
      "tokens that a session's first turn brings along",
      "--history-len"),
  TIME_UNIT(
      Kind.ONE,
      "workload.time-unit",
      "UNIT",
      "s, ms, us, ns or date: what a trace's times are counted in",
      "--time-unit",
      "--timed-trace-sec-multiplier"),
  BLOCK_TOKENS(
      Kind.ONE,
      "workload.block-tokens",
      "TOKENS",
      "tokens of a block, for a trace that names blocks",
      "--block-tokens",
      "--timed-trace-chunk-hash-size"),
  TOKENIZER(
      Kind.ONE,
      "workload.tokenizer",
      "FILE",
      "cl100k (default), or a model's tokenizer.json or its folder",
      "--tokenizer"),
  KV_BYTES_PER_TOKEN(
      Kind.ONE,
      "workload.kv-bytes-per-token",
      "BYTES",
      "what a token takes in the model's KV cache",
      "--kv-bytes-per-token"),
  KV_BYTES(
      Kind.LIST,
      "workload.kv-bytes",
      "SIZE,…",
      "so many synthetic prompts that they take 50GB, 100GB… of KV cache",
      "--kv-bytes"),
  LENIENT(
      Kind.FLAG,
      "workload.lenient",
      "",
      "leave out records of the file that cannot be read",
      "--lenient"),
  DISABLE_SHUFFLE(
      Kind.NEGATED_FLAG,
      "workload.shuffle",
      "",
      "take prompts in the order of the file",
      "--disable-shuffle");

  private final Entry entry;

  WorkloadOption(Kind kind, String path, String valueLabel, String description, String... flags) {
    this.entry = Entry.of(kind, path, valueLabel, description, flags);
  }

  @Override
  public Entry entry() {
    return entry;
  }
}
