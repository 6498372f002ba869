package dev.kvasir.metric;

import dev.kvasir.event.RequestFinished;
import org.jspecify.annotations.Nullable;

/** The latencies of one request, in nanoseconds; null where its events do not tell. */
public final class RequestMetrics {

  private RequestMetrics() {}

  /** Time to first token: first content or reasoning since the request was due. */
  public static @Nullable Long ttft(RequestFinished request) {
    return since(request.getDueAt(), request.getFirstContentAt());
  }

  /** Time to first token since the request was sent, as most clients report it. */
  public static @Nullable Long ttftSent(RequestFinished request) {
    return since(request.getSentAt(), request.getFirstContentAt());
  }

  /** Time to the first chunk with {@code choices} since sent, even if empty: vLLM's definition. */
  public static @Nullable Long ttftChunk(RequestFinished request) {
    return since(request.getSentAt(), request.getFirstChunkAt());
  }

  /** Time from due to the last content. */
  public static @Nullable Long e2e(RequestFinished request) {
    return since(request.getDueAt(), request.getLastContentAt());
  }

  /** Time from sent to the last content. */
  public static @Nullable Long e2eSent(RequestFinished request) {
    return since(request.getSentAt(), request.getLastContentAt());
  }

  /** Time from due to the stream's end marker. */
  public static @Nullable Long e2eDone(RequestFinished request) {
    return since(request.getDueAt(), request.getDoneAt());
  }

  /** Time from due to sent: what the client, not the server, added. */
  public static @Nullable Long queue(RequestFinished request) {
    return since(request.getDueAt(), request.getSentAt());
  }

  /**
   * Time per output token: (last content − first content) / (output tokens − 1); null unless the
   * output is known to have more than one token.
   */
  public static @Nullable Double tpot(RequestFinished request) {
    Long decode = since(request.getFirstContentAt(), request.getLastContentAt());
    Integer tokens = request.getOutputTokens();
    if (decode == null || tokens == null || tokens <= 1) {
      return null;
    }
    return (double) decode / (tokens - 1);
  }

  private static @Nullable Long since(@Nullable Long from, @Nullable Long to) {
    return from == null || to == null ? null : to - from;
  }
}
