package dev.kvasir.producer.plan;

/** In which order the runs of a plan are executed. */
public enum RunOrder {
  /** All cells once, then all again: a drift of the machine meets every strategy alike. */
  INTERLEAVED("interleaved"),
  /** The same, every other time in reverse: what comes first in a repeat comes last in the next. */
  ALTERNATING("alternating"),
  /** All runs of a strategy, then those of the next one: servers are changed least often. */
  BLOCKED("blocked");

  private final String text;

  RunOrder(String text) {
    this.text = text;
  }

  /** The name that plans use. */
  public String text() {
    return text;
  }
}
