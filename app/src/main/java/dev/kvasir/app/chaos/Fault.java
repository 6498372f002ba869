package dev.kvasir.app.chaos;

import java.time.Duration;

/**
 * Something bad that happens to one process.
 *
 * @param part the process
 * @param kind what happens
 * @param after how long after the one before
 * @param length how long it lasts, or until the process is started again
 */
record Fault(Part part, Kind kind, Duration after, Duration length) {

  /** What can happen. */
  enum Kind {
    /** SIGKILL, and a new process. */
    KILL("kill -9"),
    /** SIGTERM, and a new process. */
    RESTART("restart"),
    /** SIGSTOP, and SIGCONT later. */
    SUSPEND("stop, continue"),
    /** Every connection is reset. */
    CUT("cut connections"),
    /** Every connection is reset, and none is accepted for a time. */
    PART("no connections"),
    /** Bytes take longer for a time. */
    DELAY("slow connections"),
    /** No file may grow for a time, as on a full disk. */
    FULL("full disk");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** What tables call it. */
    String text() {
      return text;
    }
  }
}
