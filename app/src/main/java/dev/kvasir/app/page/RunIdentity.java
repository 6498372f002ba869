package dev.kvasir.app.page;

import dev.kvasir.event.RunStarted;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows of a run's beginning.
 *
 * @param startedAt epoch nanoseconds at which it began
 * @param startAt epoch nanoseconds of its schedule's zero
 * @param planned measured requests planned; null when a duration decides
 * @param durationNanos how long requests are issued; null when their number decides
 * @param ttftSloNanos limit of the time to first token; null for none
 * @param tpotSloNanos limit of the time per output token; null for none
 * @param target share of requests that should attain both, 0 to 1; null for none
 */
record RunIdentity(
    String id,
    String experiment,
    String strategy,
    String cell,
    String loadPoint,
    int repeat,
    int passes,
    String model,
    long startedAt,
    long startAt,
    @Nullable Long planned,
    @Nullable Long durationNanos,
    @Nullable Long ttftSloNanos,
    @Nullable Long tpotSloNanos,
    @Nullable Double target) {

  static RunIdentity of(RunStarted started) {
    return new RunIdentity(
        started.getId(),
        started.getExperiment(),
        started.getStrategy(),
        started.getCell(),
        started.getLoadPoint(),
        started.getRepeat(),
        started.getPasses(),
        started.getServer().getModel(),
        started.getAt(),
        started.getStartAt(),
        started.getPlannedRequests(),
        started.getLoad().getDurationNanos(),
        started.getSlo().getTtftNanos(),
        started.getSlo().getTpotNanos(),
        started.getSlo().getTarget());
  }
}
