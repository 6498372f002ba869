package dev.kvasir.producer.client;

import dev.kvasir.event.Phase;
import dev.kvasir.producer.exchange.Dialect;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.loopback.Emitter;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Takes tokens from a loopback emitter until the code of a client is compiled. A fresh JVM stamps
 * late by tens of milliseconds; what it takes meanwhile is no measurement.
 */
public final class SelfWarmUp {

  /** Of a whole answer. */
  static final int TOKENS = 10;

  private static final int STREAMS = 64;
  private static final Duration PERIOD = Duration.ofMillis(4);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private SelfWarmUp() {}

  /**
   * Warms a client up for about so long.
   *
   * @param events takes the events; they belong to no run
   */
  public static void run(LoadClient client, Duration length, Ticker ticker, EventSink events)
      throws InterruptedException {
    long rounds = length.dividedBy(PERIOD.multipliedBy(TOKENS + 1));
    try (Emitter emitter = Emitter.start(PERIOD, ticker, (ordinal, index, nanos) -> {})) {
      Prompt prompt = new Prompt(List.of(new Message("user", "warm")), 1, TOKENS, null, null, null);
      RunFrame frame =
          new RunFrame(
              0,
              new EpochAnchor(0, 0, 0),
              Dialect.of(Protocol.OPENAI_COMPLETIONS),
              null,
              null,
              TIMEOUT.toNanos(),
              false);
      client
          .drive(
              new PhaseLoad(
                  frame,
                  "self-warm-up",
                  Phase.WARM_UP,
                  1,
                  Endpoint.parse(emitter.url(), ""),
                  Map.of(),
                  Collections.nCopies((int) Math.max(1, rounds * STREAMS), prompt),
                  (each, _) -> new Question("loopback", each, false, false, Map.of()),
                  new Pace.Closed(STREAMS),
                  events))
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the client's own warm-up failed", e.getCause());
    }
  }
}
