package dev.kvasir.producer.plan;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line options that stand for a plan of one strategy. */
public enum PlanOption {
  URL(Kind.ONE, "strategies[0].url", "URL", "endpoint of the server, path included", "--url"),
  SIMULATE(
      Kind.ONE,
      "strategies[0].simulate",
      "PROFILE",
      "simulate a server of this profile instead of a URL",
      "--simulate"),
  MODEL(Kind.ONE, "strategies[0].model", "MODEL", "model that requests name", "--model"),
  STRATEGY(Kind.ONE, "strategies[0].name", "NAME", "name of the strategy", "--strategy"),
  LABEL(
      Kind.PAIRS,
      "strategies[0].labels",
      "KEY=VALUE",
      "what the strategy is declared to be; may be repeated",
      "--label"),
  PROTOCOL(
      Kind.ONE,
      "strategies[0].protocol",
      "PROTOCOL",
      "openai-completions, openai-chat, sglang-generate or llamacpp-completion; default: by the"
          + " URL's path",
      "--protocol"),
  GPUS(Kind.ONE, "strategies[0].gpus", "N", "GPUs that serve", "--gpus"),
  HEADER(
      Kind.PAIRS,
      "strategies[0].headers",
      "NAME=VALUE",
      "HTTP header of every request; may be repeated",
      "--header"),
  API_KEY_ENV(
      Kind.ONE,
      "strategies[0].api-key.env",
      "NAME",
      "environment variable that holds the server's API key",
      "--api-key-env"),
  API_KEY_FILE(
      Kind.ONE,
      "strategies[0].api-key.file",
      "FILE",
      "file that holds the server's API key",
      "--api-key-file"),
  TLS_CA(
      Kind.ONE,
      "strategies[0].tls.ca",
      "FILE",
      "PEM certificates that are trusted at an https URL",
      "--tls-ca"),
  TLS_INSECURE(
      Kind.FLAG,
      "strategies[0].tls.insecure",
      "",
      "trust any certificate at an https URL",
      "--tls-insecure"),
  EXTRA_BODY(
      Kind.YAML,
      "strategies[0].body",
      "JSON",
      "further fields of every request's body",
      "--extra-body"),
  METRICS(
      Kind.LIST,
      "strategies[0].metrics",
      "URL,…",
      "Prometheus pages to sample; default: /metrics of the server",
      "--metrics"),
  DCGM(
      Kind.ONE,
      "strategies[0].gpu.dcgm",
      "URL",
      "Prometheus page of a DCGM exporter to sample",
      "--dcgm"),
  NVIDIA_SMI(
      Kind.FLAG,
      "strategies[0].gpu.nvidia-smi",
      "",
      "sample the GPUs of this host by nvidia-smi",
      "--nvidia-smi"),
  SALT(
      Kind.ONE,
      "cache.salt",
      "WHEN",
      "put a salt before every prompt that changes each run or repeat; none expects warm caches",
      "--salt"),
  RESET(
      Kind.LIST,
      "cache.reset",
      "HOOK,…",
      "empty the caches before each run: auto, vllm or sglang",
      "--reset"),
  EXPERIMENT(
      Kind.ONE, "experiment", "NAME", "experiment that the runs start or join", "--experiment"),
  SEED(Kind.ONE, "seed", "N", "seed of everything that is drawn; default: 0", "--seed"),
  REPEATS(Kind.ONE, "repeats", "N", "runs of each cell; default: 3", "--repeats"),
  ORDER(
      Kind.ONE,
      "order",
      "ORDER",
      "interleaved (default) or blocked repeats of load points",
      "--order"),
  TTFT_SLO(
      Kind.ONE, "slo.ttft", "DURATION", "limit of the time to first token, 125ms", "--ttft-slo"),
  TPOT_SLO(
      Kind.ONE, "slo.tpot", "DURATION", "limit of the time per output token, 200ms", "--tpot-slo"),
  TARGET(Kind.ONE, "slo.target", "PERCENT", "share that should attain both, 90%", "--target"),
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
      "--disable-shuffle"),
  RATE(
      Kind.LIST,
      "load.rates",
      "RATE,…",
      "requests per second, or inf; several make several load points",
      "--rate",
      "--request-rate"),
  ARRIVALS(
      Kind.ONE,
      "load.arrivals",
      "PROCESS",
      "poisson (default), constant or gamma",
      "--arrivals",
      "--arrival-pattern"),
  BURSTINESS(
      Kind.ONE,
      "load.burstiness",
      "B",
      "shape of gamma arrivals; 1 is Poisson",
      "--burstiness",
      "--arrival-smoothness"),
  RAMP_SHAPE(
      Kind.ONE,
      "load.ramp.shape",
      "SHAPE",
      "linear (default) or exponential ramp of the rate over the requests",
      "--ramp-shape",
      "--ramp-up-strategy"),
  RAMP_FROM(
      Kind.ONE,
      "load.ramp.from",
      "RATE",
      "rate of the first request of a ramp",
      "--ramp-from",
      "--ramp-up-start-rps"),
  RAMP_TO(
      Kind.ONE,
      "load.ramp.to",
      "RATE",
      "rate of the last request of a ramp",
      "--ramp-to",
      "--ramp-up-end-rps"),
  STEPS(Kind.ONE, "load.steps", "FILE", "file of rates, each for a time", "--steps"),
  TRACE_SPEED(
      Kind.LIST,
      "load.trace-speed",
      "N,…",
      "replay the times of the workload's trace, so many times faster",
      "--trace-speed",
      "--replay-speedup"),
  SCHEDULE(
      Kind.LIST,
      "load.schedule",
      "FILE,…",
      "file of due times, as kvasir plan --export-schedule writes it",
      "--schedule"),
  BURST(
      Kind.LIST,
      "load.burst",
      "N,…",
      "requests that are due together, round after round",
      "--burst"),
  ROUNDS(Kind.ONE, "load.rounds", "N", "rounds of bursts", "--rounds"),
  CONCURRENCY(
      Kind.LIST,
      "load.concurrency",
      "N,…",
      "requests kept in flight (closed loop); several make several load points",
      "--concurrency"),
  MAX_CONCURRENCY(
      Kind.ONE,
      "load.max-in-flight",
      "N",
      "cap on requests in flight at a rate; without one, as --concurrency",
      "--max-concurrency"),
  MAX_RATE(
      Kind.ONE,
      "load.max-rate",
      "RATE",
      "rate above which a closed loop starts no requests",
      "--max-rate"),
  THINK_TIME(
      Kind.ONE, "load.think-time", "DURATION", "time between a user's requests", "--think-time"),
  DURATION(
      Kind.ONE,
      "load.duration",
      "DURATION",
      "how long requests are issued, over and over again; default: each prompt once",
      "--duration",
      "--benchmark-duration"),
  PASSES(Kind.ONE, "load.passes", "N", "how often the same prompts are sent", "--passes"),
  PAUSE(Kind.ONE, "load.pause", "DURATION", "time between two passes", "--pause"),
  WARM_UP(
      Kind.ONE,
      "warm-up.requests",
      "N",
      "requests before each run that are not counted; default: 8",
      "--warm-up",
      "--num-warmups"),
  TIMEOUT(Kind.ONE, "timeout", "DURATION", "limit of one request; default: 5m", "--timeout"),
  RECORD_TEXT(Kind.FLAG, "record-text", "", "record the output texts", "--record-text");

  /** How the values of an option become a plan's. */
  enum Kind {
    /** A single value. */
    ONE,
    /** Present or not. */
    FLAG,
    /** Present for false, absent for the default. */
    NEGATED_FLAG,
    /** Values between commas. */
    LIST,
    /** A key and a value each time. */
    PAIRS,
    /** A JSON or YAML mapping. */
    YAML
  }

  private final Kind kind;
  private final String path;
  private final String valueLabel;
  private final String description;
  private final List<String> flags;

  PlanOption(Kind kind, String path, String valueLabel, String description, String... flags) {
    this.kind = kind;
    this.path = path;
    this.valueLabel = valueLabel;
    this.description = description;
    this.flags = List.of(flags);
  }

  Kind kind() {
    return kind;
  }

  String path() {
    return path;
  }

  /** The option as problems name it. */
  public String flag() {
    return flags.getFirst();
  }

  /** Every spelling, the preferred one first. */
  public List<String> flags() {
    return flags;
  }

  /** Placeholder of the value in a usage text; null for an option without one. */
  public @Nullable String valueLabel() {
    return valueLabel.isEmpty() ? null : valueLabel;
  }

  /** Whether it may be given more than once. */
  public boolean repeatable() {
    return kind == Kind.PAIRS || kind == Kind.LIST;
  }

  /** What it says, for a usage text. */
  public String description() {
    return description;
  }

  /** The option that stands for a path in a plan; the path when there is none. */
  static String flagFor(String path) {
    return Arrays.stream(values())
        .filter(option -> option.path.equals(path))
        .findFirst()
        .map(PlanOption::flag)
        .orElse(path);
  }
}
