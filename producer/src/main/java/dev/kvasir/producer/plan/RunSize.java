package dev.kvasir.producer.plan;

import java.time.Duration;

/** How many measured requests a run sends, as far as its plan says. */
public sealed interface RunSize {

  /**
   * So many.
   *
   * @param requests requests of all passes, every turn of a session counted
   */
  record Exactly(long requests) implements RunSize {}

  /**
   * About so many, because the number of turns is drawn.
   *
   * @param requests requests of all passes, with sessions of the mean number of turns
   */
  record About(long requests) implements RunSize {}

  /**
   * Answers, or the times of a trace, decide how many are sent.
   *
   * @param time how long requests are issued in a pass
   */
  record AsManyAsFit(Duration time) implements RunSize {}
}
