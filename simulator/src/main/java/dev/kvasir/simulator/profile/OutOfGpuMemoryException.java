package dev.kvasir.simulator.profile;

import java.util.List;

/** A profile whose weights and KV of one request do not fit its GPUs: the server cannot start. */
public final class OutOfGpuMemoryException extends InvalidProfileException {
  private static final long serialVersionUID = 1;

  OutOfGpuMemoryException(String problem) {
    super(List.of(problem));
  }
}
