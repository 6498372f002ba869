package dev.kvasir.producer.client;

/** How long a user pauses before a request. */
@FunctionalInterface
public interface Pauses {

  /** Nobody pauses. */
  Pauses NONE = index -> 0;

  /** The pause before the request at an index, nanoseconds. */
  long before(int index);
}
