package dev.kvasir.topic;

/** The schema registry cannot be reached; the same call may succeed later. */
public final class RegistryUnavailableException extends RuntimeException {

  RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
