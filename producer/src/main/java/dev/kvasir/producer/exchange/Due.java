package dev.kvasir.producer.exchange;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestSent;

/** A request that is due and has not left. */
public final class Due implements Exchange.Open {

  private final Ticket ticket;
  private final EventSink events;

  Due(Ticket ticket, EventSink events) {
    this.ticket = ticket;
    this.events = events;
  }

  /** The request was handed to its connection. */
  public Sent sent(long atNanos) {
    RunFrame frame = ticket.frame();
    events.accept(
        new RequestSent(
            frame.run(),
            ticket.ordinal(),
            frame.anchor().epochAt(atNanos),
            frame.anchor().epochAt(ticket.dueNanos()),
            ticket.phase(),
            ticket.pass(),
            ticket.prompt().promptTokens(),
            ticket.prompt().session(),
            ticket.prompt().turn(),
            ticket.prompt().prefixGroup(),
            frame.ttftSloNanos(),
            frame.epoch()));
    return new Sent(ticket, events, atNanos);
  }

  /** It will never leave. */
  public Exchange.Ended unsent(long atNanos, String reason) {
    return finish().end(atNanos, Outcome.NOT_SENT, reason);
  }

  @Override
  public Exchange.Ended timedOut(long atNanos) {
    return finish().end(atNanos, Outcome.TIMEOUT, "no connection within the time limit");
  }

  @Override
  public Exchange.Ended aborted(long atNanos) {
    return unsent(atNanos, "the run was stopped");
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
    return new Finish(ticket, events);
  }
}
