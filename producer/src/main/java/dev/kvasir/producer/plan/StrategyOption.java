package dev.kvasir.producer.plan;

/** Options of the one strategy. */
enum StrategyOption implements PlanOption {
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
      "openai-completions, openai-chat, sglang-generate or llamacpp-completion, or another tool's"
          + " name for one of them (vllm, openai, sglang); default: by the URL's path",
      "--protocol",
      "--backend"),
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
      "--nvidia-smi");

  private final Entry entry;

  StrategyOption(Kind kind, String path, String valueLabel, String description, String... flags) {
    this.entry = Entry.of(kind, path, valueLabel, description, flags);
  }

  @Override
  public Entry entry() {
    return entry;
  }
}
