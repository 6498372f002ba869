package dev.kvasir.producer.workload;

/** A record of a data set is not what it must be. The message says what it is and should be. */
final class MalformedRecordException extends Exception {

  MalformedRecordException(String message) {
    super(message);
  }
}
