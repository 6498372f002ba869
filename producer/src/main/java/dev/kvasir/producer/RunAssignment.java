package dev.kvasir.producer;

import dev.kvasir.producer.exchange.Dialect;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;

/**
 * A run that is to be made.
 *
 * @param plan the plan that asks for it
 * @param spec which of the plan's runs it is
 * @param identity its number, and its place in time
 * @param server the server that is measured
 * @param settings what the generator works with
 */
record RunAssignment(
    Plan plan, RunSpec spec, RunIdentity identity, ServerSide server, GeneratorSettings settings) {

  /** Whether no event is sent to Kafka while the run is measured. */
  boolean heldBack() {
    return settings.heldBack().contains(spec.strategy().name());
  }

  /** What all its requests have in common. */
  RunFrame frame() {
    return new RunFrame(
        identity.number(),
        identity.anchor(),
        Dialect.of(spec.strategy().protocol()),
        RunDescription.nanos(plan.objective().ttft()),
        RunDescription.nanos(plan.objective().tpot()),
        plan.timeout().toNanos(),
        plan.recordText(),
        server.credentials().secrets());
  }
}
