package dev.kvasir.producer;

/** A server that a plan names cannot be reached. */
public final class ServerUnreachableException extends Exception {

  ServerUnreachableException(String message) {
    super(message);
  }
}
