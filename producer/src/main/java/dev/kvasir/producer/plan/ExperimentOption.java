package dev.kvasir.producer.plan;

/** Options of the experiment as a whole. */
enum ExperimentOption implements PlanOption {
  SALT(
      Kind.ONE,
      "cache.salt",
      "WHEN",
      "put a salt before every prompt that changes each run, repeat or cycle; none expects warm caches",
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
      "interleaved (default), alternating or blocked: how repeats follow each other",
      "--order"),
  GOODPUT(
      Kind.LIMITS,
      "slo",
      "METRIC:MS",
      "limits in milliseconds as vLLM's benchmark takes them: ttft:125 tpot:200",
      "--goodput"),
  TTFT_SLO(
      Kind.ONE, "slo.ttft", "DURATION", "limit of the time to first token, 125ms", "--ttft-slo"),
  TPOT_SLO(
      Kind.ONE, "slo.tpot", "DURATION", "limit of the time per output token, 200ms", "--tpot-slo"),
  TARGET(Kind.ONE, "slo.target", "PERCENT", "share that should attain both, 90%", "--target"),
  WARM_UP(
      Kind.ONE,
      "warm-up.requests",
      "N",
      "requests before each run that are not counted; default: 8",
      "--warm-up",
      "--num-warmups"),
  TIMEOUT(Kind.ONE, "timeout", "DURATION", "limit of one request; default: 5m", "--timeout"),
  RECORD_TEXT(Kind.FLAG, "record-text", "", "record the output texts", "--record-text");

  private final Entry entry;

  ExperimentOption(Kind kind, String path, String valueLabel, String description, String... flags) {
    this.entry = Entry.of(kind, path, valueLabel, description, flags);
  }

  @Override
  public Entry entry() {
    return entry;
  }
}
