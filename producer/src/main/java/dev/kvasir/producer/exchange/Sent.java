package dev.kvasir.producer.exchange;

import dev.kvasir.event.Outcome;

/** A request that has left and has no answer yet. */
public final class Sent implements Exchange.Open {

  private final Ticket ticket;
  private final EventSink events;
  private final long sentNanos;

  Sent(Ticket ticket, EventSink events, long sentNanos) {
    this.ticket = ticket;
    this.events = events;
    this.sentNanos = sentNanos;
  }

  /** The answer began with a status of 2xx. */
  public Answering answered(int status, long atNanos) {
    Finish finish = finish();
    finish.status = status;
    finish.headersNanos = atNanos;
    return new Answering(ticket, events, finish, sentNanos);
  }

  /** The answer began with another status. */
  public Refused refused(int status, long atNanos) {
    Finish finish = finish();
    finish.status = status;
    finish.headersNanos = atNanos;
    return new Refused(finish);
  }

  @Override
  public Exchange.Ended timedOut(long atNanos) {
    return finish().end(atNanos, Outcome.TIMEOUT, "no answer within the time limit");
  }

  @Override
  public Exchange.Ended aborted(long atNanos) {
    return finish().end(atNanos, Outcome.ABORTED, "the run was stopped");
  }

  @Override
  public Exchange.Ended lost(long atNanos, String reason) {
    return finish().end(atNanos, Outcome.CONNECTION_FAILED, reason);
  }

  @Override
  public Exchange.Ended malformed(long atNanos, String reason) {
    return finish().end(atNanos, Outcome.MALFORMED, reason);
  }

  private Finish finish() {
    Finish finish = new Finish(ticket, events);
    finish.sentNanos = sentNanos;
    return finish;
  }
}
