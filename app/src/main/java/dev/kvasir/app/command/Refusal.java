package dev.kvasir.app.command;

import java.io.Serial;

/** A command that was not tried, or failed in a way that its user can mend. */
final class Refusal extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final ExitCode code;

  /**
   * @param code the exit status
   * @param message what, where, expected, found, and what to do
   */
  Refusal(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  ExitCode code() {
    return code;
  }
}
