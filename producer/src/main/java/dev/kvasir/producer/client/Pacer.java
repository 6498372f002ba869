package dev.kvasir.producer.client;

/** Says when the requests of a phase are due. Owned by the loop's thread. */
interface Pacer {

  /** What a pacer drives. */
  interface Gate {

    long nanos();

    /** Runs a task after a while, unless the phase has been stopped by then. */
    void after(long delayNanos, Runnable task);

    /** A request is due; it leaves when the cap lets it. */
    void due(int index, long dueNanos);

    /** A request never becomes due as the phase was stopped, but was to be. */
    void unsent(int index, long dueNanos);
  }

  void start();

  /** A request has ended. */
  void ended(int index);

  /** Whether a request will become due though none is in flight. */
  boolean hasMore();

  /** Tells the gate what would have been due whatever the server did. */
  void stop();
}
