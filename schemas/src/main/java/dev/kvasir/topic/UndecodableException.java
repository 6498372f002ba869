package dev.kvasir.topic;

import org.jspecify.annotations.Nullable;

/** Bytes that are no event of ours; the same call will fail again. */
public final class UndecodableException extends RuntimeException {

  UndecodableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
