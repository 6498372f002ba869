package dev.kvasir.producer.plan;

/** Options of how hard. */
enum LoadOption implements PlanOption {
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
  PAUSE(Kind.ONE, "load.pause", "DURATION", "time between two passes", "--pause");

  private final Entry entry;

  LoadOption(Kind kind, String path, String valueLabel, String description, String... flags) {
    this.entry = Entry.of(kind, path, valueLabel, description, flags);
  }

  @Override
  public Entry entry() {
    return entry;
  }
}
