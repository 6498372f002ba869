package dev.kvasir.producer.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Phase;
import dev.kvasir.producer.exchange.Dialect;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.EpochAnchor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BodiesAheadTest {

  private static final int PROMPTS = 4000;

  @Test
  void everyRequestGetsItsOwnBodyInWhateverOrderTheyLeave() {
    BodiesAhead bodies = bodies();

    for (int turn = 0; turn < 2; turn++) {
      for (int index = turn; index < PROMPTS; index += 2) {
        assertThat(new String(bodies.take(index), StandardCharsets.UTF_8))
            .contains("\"prompt\":\"number " + index + "\"");
      }
    }
  }

  @Test
  void bodiesOfRequestsThatHaveLeftDoNotStay() {
    BodiesAhead bodies = bodies();

    for (int index = PROMPTS - 1; index >= 0; index--) {
      bodies.take(index);
    }

    assertThat(bodies.waiting()).isLessThanOrEqualTo(2 * 512);
  }

  /** Bodies that are written ahead by the taker itself. */
  private static BodiesAhead bodies() {
    RunFrame frame =
        new RunFrame(
            1,
            new EpochAnchor(0, 0, 0),
            Dialect.of(Protocol.OPENAI_COMPLETIONS),
            null,
            null,
            1,
            false);
    List<Prompt> prompts =
        IntStream.range(0, PROMPTS)
            .mapToObj(i ->
                new Prompt(List.of(new Message("user", "number " + i)), 1, 8, null, null, null))
            .toList();
    BodiesAhead bodies =
        new BodiesAhead(
            new PhaseLoad(
                frame,
                "test",
                Phase.MEASURE,
                1,
                Endpoint.parse("http://127.0.0.1:1", ""),
                Map.of(),
                prompts,
                (prompt, _) -> new Question("m", prompt, false, false, Map.of()),
                new Pace.Closed(1),
                event -> {}),
            Runnable::run);
    bodies.fill();
    return bodies;
  }
}
