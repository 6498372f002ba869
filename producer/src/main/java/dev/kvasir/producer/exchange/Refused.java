package dev.kvasir.producer.exchange;

import dev.kvasir.event.Outcome;

/** A request that was answered with a status other than 2xx; the body says why. */
public final class Refused implements Exchange.Open {

  private final Finish finish;
  private final Head body = new Head();

  Refused(Finish finish) {
    this.finish = finish;
  }

  /** Takes bytes of the body; ends when enough of it is there to say why. */
  public Exchange received(byte[] bytes, int from, int to, long atNanos) {
    body.add(bytes, from, to);
    return body.isFull() ? end(atNanos, "") : this;
  }

  /** The answer came to its end. */
  public Exchange.Ended closed(long atNanos) {
    return end(atNanos, "");
  }

  @Override
  public Exchange.Ended timedOut(long atNanos) {
    return end(atNanos, " (the answer did not end within the time limit)");
  }

  @Override
  public Exchange.Ended aborted(long atNanos) {
    return end(atNanos, " (the run was stopped before the answer's end)");
  }

  @Override
  public Exchange.Ended lost(long atNanos, String reason) {
    return end(atNanos, " (" + reason + ")");
  }

  @Override
  public Exchange.Ended malformed(long atNanos, String reason) {
    return end(atNanos, " (" + reason + ")");
  }

  private Exchange.Ended end(long atNanos, String remark) {
    String says = body.excerpt();
    String error = "HTTP " + finish.status + (says.isEmpty() ? "" : ": " + says) + remark;
    return finish.end(atNanos, Outcome.HTTP_ERROR, error);
  }
}
