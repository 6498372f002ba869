package dev.kvasir.producer.workload;

/** A data set cannot be used. The message names file and line, the cause and the remedy. */
public final class DatasetException extends RuntimeException {

  public DatasetException(String message) {
    super(message);
  }
}
