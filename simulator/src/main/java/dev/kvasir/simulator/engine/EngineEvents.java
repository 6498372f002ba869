package dev.kvasir.simulator.engine;

/** What the engine tells, in the order in which it happens to each request. */
public interface EngineEvents {

  /**
   * A request left the queue for the first time.
   *
   * @param reuse prompt tokens whose KV was found and is not computed again
   * @param atNanos the beginning of its first step
   */
  void admitted(long id, Reuse reuse, long atNanos);

  /**
   * A request produced tokens.
   *
   * @param index place of the first of them in the output, from 0
   * @param tokens how many
   * @param intendedNanos when they are to leave the server; never decreases from call to call
   */
  void produced(long id, int index, int tokens, long intendedNanos);

  /** A request produced its last token; follows that token's {@link #produced}. */
  void finished(long id, long intendedNanos);
}
