package dev.kvasir.sink.warehouse;

import org.jspecify.annotations.Nullable;

/** The warehouse file cannot be opened, read or written; the message says which and what to do. */
public final class WarehouseException extends RuntimeException {

  WarehouseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
