package dev.kvasir.producer.loopback;

/** Takes when tokens were emitted, on the emitter's event loop. */
@FunctionalInterface
public interface Emission {

  /**
   * A token was written.
   *
   * @param ordinal the request's ordinal, from its {@code x-request-id}
   * @param index place of the token in its stream, from 0
   * @param nanos monotonic nanoseconds just before the write
   */
  void emitted(int ordinal, int index, long nanos);
}
