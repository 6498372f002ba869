package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.Reuse;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One request from its admission to its end. Lives on its server's event loop, and writes one row
 * for itself when it ends.
 */
final class Exchange implements EngineLoop.Receiver, EventWriter.Listener {
  private final ServerLedger ledger;
  private final String requestId;
  private final long arrivedNanos;
  private final ApiRequest request;
  private final Answer answer;
  private final EventFormat format;
  private @Nullable EventWriter writer;
  private @Nullable Long admittedNanos;
  private int cachedTokens;
  private int writtenTokens;
  private boolean over;

  Exchange(
      ServerLedger ledger,
      String requestId,
      long arrivedNanos,
      ApiRequest request,
      Answer answer,
      EventFormat format) {
    this.ledger = ledger;
    this.requestId = requestId;
    this.arrivedNanos = arrivedNanos;
    this.request = request;
    this.answer = answer;
    this.format = format;
  }

  /** Says where its output goes; called once, before anything is produced. */
  void writeTo(EventWriter destination) {
    writer = destination;
  }

  @Override
  public void admitted(Reuse found, long atNanos) {
    admittedNanos = atNanos;
    cachedTokens = found.cached();
    ledger.waited(atNanos - arrivedNanos);
  }

  @Override
  public void tokens(int index, int tokens, long intendedNanos) {
    if (over || writer == null) {
      return;
    }
    boolean last = index + tokens == answer.tokens();
    if (request.stream()) {
      writer.chunk(format.chunk(index, tokens, cachedTokens), index, tokens, intendedNanos);
      if (last) {
        writer.end(format.end(cachedTokens));
      }
    } else if (last) {
      writer.chunk(format.whole(cachedTokens), 0, answer.tokens(), intendedNanos);
      writer.end(Unpooled.EMPTY_BUFFER);
    }
  }

  @Override
  public void sent(int index, int tokens, long intendedNanos, long emittedNanos) {
    writtenTokens += tokens;
    ledger.sent(requestId, index, tokens, intendedNanos, emittedNanos);
  }

  @Override
  public void ended() {
    over(answer.finishReason());
  }

  /** The client is gone; true if the request was not over yet. */
  boolean disconnected() {
    boolean early = !over;
    over("abort");
    return early;
  }

  private void over(String finishReason) {
    if (over) {
      return;
    }
    over = true;
    ledger.finished(
        requestId,
        arrivedNanos,
        admittedNanos,
        request.prompt().length,
        admittedNanos == null ? null : cachedTokens,
        writtenTokens,
        finishReason);
  }
}
