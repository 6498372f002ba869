package dev.kvasir.app.pipeline;

/**
 * What a generator's process is asked for before Kafka and the servers are up.
 *
 * @param plan what the plan is made from
 * @param log the log that takes the events
 */
public record GeneratorOrder(PlanSource plan, LogAddress log) {}
