package dev.kvasir.simulator.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Sends everything at once. */
final class DirectWriter implements EventWriter {
  private final HttpServerResponse response;
  private final EpochClock clock;
  private final Listener listener;

  DirectWriter(HttpServerResponse response, EpochClock clock, Listener listener) {
    this.response = response;
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public void chunk(Buffer bytes, int index, int tokens, long intendedNanos) {
    if (response.closed()) {
      return;
    }
    long emitted = clock.nanoTime();
    var _ = response.write(bytes);
    listener.sent(index, tokens, intendedNanos, emitted);
  }

  @Override
  public void end(Buffer bytes) {
    if (response.closed()) {
      return;
    }
    var _ = response.end(bytes);
    listener.ended();
  }
}
