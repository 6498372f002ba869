package dev.kvasir.sink.warehouse;

import org.jspecify.annotations.Nullable;

/** A query is not allowed, is wrong, or took too much; the message says which. */
public final class QueryRefusedException extends RuntimeException {

  QueryRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
