package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.Reuse;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.stream.Collectors;
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
  private @Nullable Reuse reuse;
  private String cached = cachedJson(0, Map.of());
  private long firstNanos;
  private long lastNanos;
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
    reuse = found;
    cached = cachedJson(found.cached(), found.bySource());
    ledger.times().admitted(atNanos - arrivedNanos);
  }

  @Override
  public void tokens(int index, int tokens, long intendedNanos) {
    if (over || writer == null) {
      return;
    }
    note(index, tokens, intendedNanos);
    boolean last = index + tokens == answer.tokens();
    if (request.stream()) {
      writer.chunk(format.chunk(index, tokens, cached), index, tokens, intendedNanos);
      if (last) {
        writer.end(format.end(cached));
      }
    } else if (last) {
      writer.chunk(format.whole(cached), 0, answer.tokens(), intendedNanos);
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

  private void note(int index, int tokens, long intendedNanos) {
    RequestTimes times = ledger.times();
    if (index == 0) {
      firstNanos = intendedNanos;
      long admitted = admittedNanos == null ? arrivedNanos : admittedNanos;
      times.first(intendedNanos - arrivedNanos, intendedNanos - admitted);
    } else {
      times.later(intendedNanos - lastNanos, tokens);
    }
    lastNanos = intendedNanos;
    if (index + tokens == answer.tokens()) {
      times.ended(
          intendedNanos - arrivedNanos,
          intendedNanos - firstNanos,
          request.prompt().length,
          answer.tokens());
    }
  }

  private static String cachedJson(int tokens, Map<String, Integer> bySource) {
    if (tokens == 0) {
      return "{\"cached_tokens\":0}";
    }
    return bySource.entrySet().stream()
        .map(each -> "\"" + each.getKey() + "\":" + each.getValue())
        .collect(Collectors.joining(",", "{\"cached_tokens\":" + tokens + ",\"by_tier\":{", "}}"));
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
        reuse,
        writtenTokens,
        finishReason);
  }
}
