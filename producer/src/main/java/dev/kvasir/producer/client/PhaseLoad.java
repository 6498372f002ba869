package dev.kvasir.producer.client;

import dev.kvasir.event.Phase;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.workload.Prompt;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The requests of one phase of a run.
 *
 * @param frame the run
 * @param runId readable id of the run
 * @param phase phase
 * @param pass pass, from 1
 * @param endpoint where requests go
 * @param headers HTTP headers of every request
 * @param prompts what is asked, in order
 * @param questions makes the request's body of a prompt
 * @param pace when requests leave
 * @param events takes the events, on the event loop; must not block
 */
public record PhaseLoad(
    RunFrame frame,
    String runId,
    Phase phase,
    int pass,
    Endpoint endpoint,
    Map<String, String> headers,
    List<Prompt> prompts,
    Function<Prompt, Question> questions,
    Pace pace,
    EventSink events) {

  public PhaseLoad {
    headers = Map.copyOf(headers);
    prompts = List.copyOf(prompts);
    if (pace instanceof Pace.Open open && open.schedule().size() != prompts.size()) {
      throw new IllegalArgumentException(
          "a schedule of " + open.schedule().size() + " for " + prompts.size() + " prompts");
    }
  }

  /** Ordinal of the request at an index: warm-up requests count from -1 downwards. */
  int ordinal(int index) {
    return switch (phase) {
      case WARM_UP -> -1 - index;
      case MEASURE -> (pass - 1) * prompts.size() + index;
      case COOL_DOWN -> pass * prompts.size() + index;
    };
  }
}
