package dev.kvasir.app.command;

/** What a command's exit status says. */
enum ExitCode {
  /** Done. */
  OK(0),
  /** Tried and failed; the message says why. */
  FAILED(1),
  /** Not tried: the options or the plan have problems. */
  USAGE(2),
  /** Not tried: another process holds the home. */
  HELD(3),
  /**
   * Done, but a run is not usable: its server failed, the client limited it, or events were lost.
   */
  NOT_USABLE(4),
  /** Done and usable, but an alert was raised: by the plan's rules, or of the home's disk. */
  ALERTED(5),
  /** Stopped by Ctrl-C; what had been measured is kept. */
  INTERRUPTED(130),
  /** Stopped by SIGTERM; what had been measured is kept. */
  TERMINATED(143);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
