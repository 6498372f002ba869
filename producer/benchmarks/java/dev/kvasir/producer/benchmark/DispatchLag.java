package dev.kvasir.producer.benchmark;

import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestSent;
import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.Pace;
import dev.kvasir.producer.client.PhaseLoad;
import dev.kvasir.producer.client.SelfWarmUp;
import dev.kvasir.producer.exchange.Dialect;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * How late requests leave after they are due. Arguments: an emitter's address, requests per second,
 * seconds and the address of a Kafka that has the topics. Arrivals are Poisson; each answer has
 * five tokens.
 */
final class DispatchLag {

  private static final Duration SELF_WARM_UP = Duration.ofSeconds(8);
  private static final int TOKENS = 5;

  private DispatchLag() {}

  public static void main(String[] args) throws Exception {
    double rate = Double.parseDouble(args[1]);
    int requests = (int) (rate * Integer.parseInt(args[2]));
    Ticker ticker = Ticker.system();
    Histogram lag = new Histogram(3);
    try (EventPublisher publisher = StampingLag.publisher(args[3], ticker);
        LoadClient client = LoadClient.open(ticker)) {
      Precedence.measureFirst();
      SelfWarmUp.run(client, SELF_WARM_UP, ticker, event -> {});
      drive(client, ticker, args[0], rate, (int) rate, publisher::publish);
      drive(
          client,
          ticker,
          args[0],
          rate,
          requests,
          event -> {
            if (event instanceof RequestSent sent) {
              lag.recordValue(Math.max(0, sent.getAt() - sent.getDueAt()));
            }
            publisher.publish(event);
          });
    }
    System.out.printf(
        Locale.ROOT,
        "Sent minus due at %.0f requests/s (%d requests): p50 %.3f ms, p99 %.3f ms, max %.3f ms%n",
        rate,
        lag.getTotalCount(),
        lag.getValueAtPercentile(50) / 1e6,
        lag.getValueAtPercentile(99) / 1e6,
        lag.getMaxValue() / 1e6);
  }

  private static void drive(
      LoadClient client, Ticker ticker, String url, double rate, int requests, EventSink events)
      throws Exception {
    EpochAnchor anchor = EpochAnchor.measure(ticker, WallClock.system());
    RunFrame frame =
        new RunFrame(
            anchor.epochNanos() / 1000,
            anchor,
            Dialect.of(Protocol.OPENAI_COMPLETIONS),
            null,
            null,
            Duration.ofMinutes(1).toNanos(),
            false);
    Prompt prompt = new Prompt(List.of(new Message("user", "hello")), 1, TOKENS, null, null, null);
    LoadPoint.Open load = new LoadPoint.Open(new ArrivalProcess.Poisson(), rate, null);
    client
        .drive(
            new PhaseLoad(
                frame,
                "dispatch",
                Phase.MEASURE,
                1,
                Endpoint.parse(url, ""),
                Map.of(),
                Collections.nCopies(requests, prompt),
                (each, _) -> new Question("loopback", each, false, false, Map.of()),
                new Pace.Open(Schedule.of(load, requests, 7), ticker.nanos(), null),
                events))
        .get();
  }
}
