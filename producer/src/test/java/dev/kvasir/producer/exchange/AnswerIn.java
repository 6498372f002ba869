package dev.kvasir.producer.exchange;

import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.EpochAnchor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** What came of an answer in some protocol, each of its messages in a read of its own. */
final class AnswerIn {

  private final List<SpecificRecord> events = new ArrayList<>();

  AnswerIn(Protocol protocol, String... messages) {
    RunFrame frame =
        new RunFrame(1, new EpochAnchor(0, 0, 0), Dialect.of(protocol), null, null, 7, true);
    Prompt prompt = new Prompt(List.of(new Message("user", "hi")), 3, 8, null, null, null);
    Exchange state =
        Exchange.due(new Ticket(frame, 0, Phase.MEASURE, 1, 0, prompt), events::add)
            .sent(1)
            .answered(200, 2);
    int batch = 10;
    for (String message : messages) {
      byte[] bytes = ("data: " + message + "\n\n").getBytes(StandardCharsets.UTF_8);
      if (state instanceof Answering answering) {
        state = answering.received(bytes, 0, bytes.length, batch, batch);
      }
      batch++;
    }
    if (state instanceof Answering answering) {
      answering.closed(batch);
    }
  }

  RequestFinished end() {
    return events.stream()
        .filter(RequestFinished.class::isInstance)
        .map(RequestFinished.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Tokens of each content chunk; null where they are not known. */
  List<Integer> tokens() {
    return events.stream()
        .filter(TokenReceived.class::isInstance)
        .map(event -> ((TokenReceived) event).getTokens())
        .toList();
  }
}
