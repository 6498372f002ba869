package dev.kvasir.simulator.server;

/**
 * How long requests took, by the times that the engine wanted. Lives on the server's event loop.
 */
final class RequestTimes {
  final Histogram firstToken = new Histogram(Histogram.REQUEST_SECONDS);
  final Histogram betweenTokens = new Histogram(Histogram.TOKEN_SECONDS);
  final Histogram whole = new Histogram(Histogram.REQUEST_SECONDS);
  final Histogram queue = new Histogram(Histogram.REQUEST_SECONDS);
  final Histogram prefill = new Histogram(Histogram.REQUEST_SECONDS);
  final Histogram decode = new Histogram(Histogram.REQUEST_SECONDS);
  final Histogram promptTokens = new Histogram(Histogram.TOKENS);
  final Histogram outputTokens = new Histogram(Histogram.TOKENS);

  void admitted(long waitedNanos) {
    queue.add(waitedNanos / 1e9);
  }

  void first(long sinceArrivalNanos, long sinceAdmissionNanos) {
    firstToken.add(sinceArrivalNanos / 1e9);
    prefill.add(sinceAdmissionNanos / 1e9);
  }

  /** Some tokens at once share the time since the ones before. */
  void later(long sinceLastNanos, int tokens) {
    for (int i = 0; i < tokens; i++) {
      betweenTokens.add(sinceLastNanos / 1e9 / tokens);
    }
  }

  void ended(long sinceArrivalNanos, long sinceFirstNanos, int prompt, int output) {
    whole.add(sinceArrivalNanos / 1e9);
    decode.add(sinceFirstNanos / 1e9);
    promptTokens.add(prompt);
    outputTokens.add(output);
  }
}
