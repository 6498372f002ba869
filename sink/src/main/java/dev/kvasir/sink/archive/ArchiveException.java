package dev.kvasir.sink.archive;

/** An archive cannot be used; the message says which file and what to do. */
public final class ArchiveException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }

  ArchiveException(String message) {
    super(message);
  }
}
