package dev.kvasir.producer.exchange;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;

/**
 * One request's life: {@link Due}, {@link Sent}, then {@link Refused} or {@link Answering}, and
 * {@link Ended}. Each legal transition is a method of the state that allows it and returns the next
 * state; its times are monotonic nanoseconds. Not thread-safe: its event loop owns it.
 */
public sealed interface Exchange {

  /** A request that has not ended. */
  sealed interface Open extends Exchange permits Due, Sent, Refused, Answering {

    /** The request did not end within its time limit. */
    Ended timedOut(long atNanos);

    /** The run was stopped. */
    Ended aborted(long atNanos);

    /** The connection failed, could not be made, or was closed before the answer's end. */
    Ended lost(long atNanos, String reason);

    /** What came is no HTTP, or more than the client takes. */
    Ended malformed(long atNanos, String reason);
  }

  /** A request that is due. */
  static Due due(Ticket ticket, EventSink events) {
    return new Due(ticket, events);
  }

  /**
   * A request that has ended, and its event.
   *
   * @param event what was emitted
   */
  record Ended(RequestFinished event) implements Exchange {

    public Outcome outcome() {
      return event.getOutcome();
    }
  }
}
