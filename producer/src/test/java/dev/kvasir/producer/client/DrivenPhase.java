package dev.kvasir.producer.client;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.exchange.Dialect;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;

/** One measured phase, driven for a test, and its events. */
final class DrivenPhase {

  static final EpochAnchor ANCHOR = new EpochAnchor(1_000_000_000_000_000_000L, 0, 0);

  private final Queue<SpecificRecord> events = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<PhaseTally> done;

  private DrivenPhase(
      LoadClient client, Endpoint endpoint, List<Prompt> prompts, Pace pace, Duration timeout) {
    RunFrame frame =
        new RunFrame(
            1,
            ANCHOR,
            Dialect.of(Protocol.OPENAI_COMPLETIONS),
            null,
            null,
            timeout.toNanos(),
            true);
    this.done =
        client.drive(
            new PhaseLoad(
                frame,
                "test-run",
                Phase.MEASURE,
                1,
                endpoint,
                Map.of("x-test", "yes"),
                prompts,
                (prompt, _) -> new Question("m", prompt, true, true, Map.of()),
                pace,
                events::add));
  }

  /** The same against an endpoint of some kind. */
  static DrivenPhase start(
      LoadClient client, Endpoint endpoint, int requests, Pace pace, Duration timeout) {
    Prompt prompt = new Prompt(List.of(new Message("user", "hi")), 1, 8, null, null, null);
    return new DrivenPhase(client, endpoint, Collections.nCopies(requests, prompt), pace, timeout);
  }

  static DrivenPhase start(
      LoadClient client, String url, int requests, Pace pace, Duration timeout) {
    return start(
        client,
        url,
        Collections.nCopies(
            requests, new Prompt(List.of(new Message("user", "hi")), 1, 8, null, null, null)),
        pace,
        timeout);
  }

  static DrivenPhase start(
      LoadClient client, String url, List<Prompt> prompts, Pace pace, Duration timeout) {
    return new DrivenPhase(client, Endpoint.parse(url, "/v1/completions"), prompts, pace, timeout);
  }

  /** Drives one request to its end. */
  static DrivenPhase one(ScriptedServer.Script script, Duration timeout) {
    try (LoadClient client = LoadClient.open(Ticker.system());
        ScriptedServer server = ScriptedServer.start(script)) {
      DrivenPhase phase = start(client, server.url(), 1, new Pace.Closed(1), timeout);
      phase.await();
      return phase;
    }
  }

  PhaseTally await() {
    try {
      return done.get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the phase did not end; its events: " + events, e);
    }
  }

  boolean isDone() {
    return done.isDone();
  }

  RequestFinished only() {
    List<RequestFinished> all = finished();
    if (all.size() != 1) {
      throw new AssertionError("one end was expected, not " + all);
    }
    return all.getFirst();
  }

  List<RequestFinished> finished() {
    return of(RequestFinished.class);
  }

  List<RequestFinished> finished(Outcome outcome) {
    return finished().stream().filter(end -> end.getOutcome() == outcome).toList();
  }

  List<RequestSent> sent() {
    return of(RequestSent.class);
  }

  List<TokenReceived> tokens() {
    return of(TokenReceived.class);
  }

  private <T> List<T> of(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
