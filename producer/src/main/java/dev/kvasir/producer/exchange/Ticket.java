package dev.kvasir.producer.exchange;

import dev.kvasir.event.Phase;
import dev.kvasir.producer.workload.Prompt;

/**
 * What is settled about a request before it leaves.
 *
 * @param frame run that it belongs to
 * @param ordinal place in the run's schedule; warm-up requests count from -1 downwards
 * @param phase phase
 * @param pass pass, from 1
 * @param dueNanos monotonic nanoseconds at which the schedule wants it to leave
 * @param prompt what it asks
 */
public record Ticket(
    RunFrame frame, int ordinal, Phase phase, int pass, long dueNanos, Prompt prompt) {

  public Ticket {
    if ((phase == Phase.WARM_UP) != (ordinal < 0)) {
      throw new IllegalArgumentException("ordinal " + ordinal + " in phase " + phase);
    }
  }
}
