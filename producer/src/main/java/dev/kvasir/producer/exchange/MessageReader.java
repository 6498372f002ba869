package dev.kvasir.producer.exchange;

/** Reads the messages of one answer, in their order. Not thread-safe. */
@FunctionalInterface
public interface MessageReader {

  /** What one message of the answer's stream says. */
  Message read(byte[] bytes, int from, int to);
}
