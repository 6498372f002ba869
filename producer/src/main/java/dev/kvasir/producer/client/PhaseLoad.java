package dev.kvasir.producer.client;

import dev.kvasir.event.Phase;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.workload.Chains;
import dev.kvasir.producer.workload.Played;
import dev.kvasir.producer.workload.Prompt;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
 * @param questions what is asked by a prompt
 * @param pace when requests leave
 * @param events takes the events, on the event loop; must not block
 * @param ordinals ordinal of each prompt, where they are only a share of the run's; null for all
 */
public record PhaseLoad(
    RunFrame frame,
    String runId,
    Phase phase,
    int pass,
    Endpoint endpoint,
    Map<String, String> headers,
    List<Prompt> prompts,
    Questions questions,
    Pace pace,
    EventSink events,
    @Nullable List<Integer> ordinals) {

  /** Says what a request asks by its prompt. */
  public interface Questions {

    /** What the request of an ordinal asks. */
    Question of(Prompt prompt, int ordinal);
  }

  /** All requests of a phase. */
  public PhaseLoad(
      RunFrame frame,
      String runId,
      Phase phase,
      int pass,
      Endpoint endpoint,
      Map<String, String> headers,
      List<Prompt> prompts,
      Questions questions,
      Pace pace,
      EventSink events) {
    this(frame, runId, phase, pass, endpoint, headers, prompts, questions, pace, events, null);
  }

  public PhaseLoad {
    headers = Map.copyOf(headers);
    prompts = List.copyOf(prompts);
    if (pace instanceof Pace.Open open
        && !open.endless()
        && open.schedule().size() != prompts.size()
        && open.schedule().size() != Chains.of(prompts).count()) {
      throw new IllegalArgumentException(
          "a schedule of " + open.schedule().size() + " for " + prompts.size() + " prompts");
    }
  }

  /** Which request follows which; when each has a time of its own, none does. */
  Chains chains() {
    return pace instanceof Pace.Open open && !open.endless()
        ? Chains.of(prompts, open.schedule().size())
        : Chains.of(prompts);
  }

  /** The prompt at an index, which goes on beyond the list where prompts are sent again. */
  Prompt prompt(int index) {
    return Played.prompt(prompts, index);
  }

  /** What is asked at an index. */
  Question question(int index) {
    return questions.of(prompt(index), ordinal(index));
  }

  /** Indices below which a prompt is sent at some time. */
  int end() {
    boolean endless =
        switch (pace) {
          case Pace.Open open -> open.endless();
          case Pace.Closed closed -> closed.lengthNanos() != null;
          case Pace.Bursts _ -> false;
        };
    return endless && ordinals == null ? Integer.MAX_VALUE : prompts.size();
  }

  /** Ordinal of the request at an index: warm-up requests count from -1 downwards. */
  int ordinal(int index) {
    if (ordinals != null) {
      return ordinals.get(index);
    }
    return switch (phase) {
      case WARM_UP -> -1 - index;
      case MEASURE -> (pass - 1) * prompts.size() + index;
      case COOL_DOWN -> pass * prompts.size() + index;
    };
  }
}
