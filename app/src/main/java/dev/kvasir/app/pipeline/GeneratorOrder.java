package dev.kvasir.app.pipeline;

/**
 * What a generator's process is asked for before Kafka and the servers are up.
 *
 * @param plan what the plan is made from
 * @param log the log that takes the events
 * @param resume whether runs that the log holds as settled are not made again
 * @param pipeline process id of the stages
 * @param alone whether no other generator is alive on the log
 */
public record GeneratorOrder(
    PlanSource plan, LogAddress log, boolean resume, long pipeline, boolean alone) {}
