package dev.kvasir.simulator.profile;

import java.util.List;

/** A profile that cannot be used; its message has every problem on a line of its own. */
public sealed class InvalidProfileException extends IllegalArgumentException
    permits OutOfGpuMemoryException {
  private static final long serialVersionUID = 1;

  InvalidProfileException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
