package dev.kvasir.producer;

import dev.kvasir.event.RunFinished;
import dev.kvasir.producer.plan.RunSpec;

/**
 * A run that has ended.
 *
 * @param spec what it was to be
 * @param id its readable id
 * @param finished its last event
 */
public record RunResult(RunSpec spec, String id, RunFinished finished) {}
