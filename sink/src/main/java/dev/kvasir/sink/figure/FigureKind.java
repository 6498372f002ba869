package dev.kvasir.sink.figure;

import java.util.List;

/** What a figure shows, unless options say otherwise. */
public enum FigureKind {
  LATENCY("latency against the request rate", Shape.LINES, "rate", "p99-ttft"),
  THROUGHPUT(
      "output tokens per second against the request rate", Shape.LINES, "rate", "tokens-per-s"),
  ATTAINMENT("SLO attainment against the request rate", Shape.LINES, "rate", "attainment"),
  FAILURES("failure ratio against the request rate", Shape.LINES, "rate", "failure-ratio"),
  LENGTH("latency against the prompt length", Shape.LINES, "input-len", "mean-ttft"),
  BUDGET("a metric against a memory budget", Shape.LINES, "gpu-budget-gb", "tokens-per-s"),
  QUALITY(
      "a quality score against the share of the KV cache",
      Shape.LINES,
      "kv-share",
      "score:perplexity"),
  SPEEDUP("a metric relative to a baseline", Shape.LINES, "rate", "mean-ttft"),
  LINE("any metric against any parameter", Shape.LINES, "rate", "p99-ttft"),
  PARETO(
      "throughput against latency, with the frontier",
      Shape.POINTS,
      "mean-ttft",
      "total-tokens-per-s"),
  BARS("median and P99 at a load point", Shape.BARS, "strategy", "p99-ttft"),
  GRID("a metric over pairs of input and output length", Shape.BARS, "lengths", "tokens-per-s"),
  MEDIA("a metric by storage medium and prompt length", Shape.BARS, "input-len", "mean-ttft"),
  NETWORK("a metric by bandwidth, direction and switch", Shape.BARS, "input-len", "mean-ttft"),
  BREAKDOWN("where the time of requests went", Shape.STACKS, "strategy", "ms"),
  CDF("the distribution of the time to first token", Shape.STEPS, "ttft", "share"),
  DRIFT(
      "live windows, or the pipeline's own size, over the time of a run",
      Shape.STEPS,
      "seconds",
      "p99-ttft");

  /** What every run draws at its end. */
  public static final List<FigureKind> MAIN = List.of(LATENCY, THROUGHPUT, ATTAINMENT);

  /** How rows become marks. */
  enum Shape {
    LINES,
    POINTS,
    BARS,
    STACKS,
    STEPS
  }

  private final String meaning;
  private final Shape shape;
  private final String x;
  private final String y;

  FigureKind(String meaning, Shape shape, String x, String y) {
    this.meaning = meaning;
    this.shape = shape;
    this.x = x;
    this.y = y;
  }

  /** What it shows, in a few words. */
  public String meaning() {
    return meaning;
  }

  Shape shape() {
    return shape;
  }

  /** The horizontal axis unless one is asked for. */
  String usualX() {
    return x;
  }

  /** The vertical axis unless one is asked for. */
  String usualY() {
    return y;
  }
}
