package dev.kvasir.producer;

import dev.kvasir.event.ShardOffered;
import dev.kvasir.producer.publish.PublishedCounts;
import dev.kvasir.producer.shard.RunLog;
import dev.kvasir.producer.shard.SharedMeasure;
import dev.kvasir.producer.verdict.ClientHealth;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** A run whose measured requests other generators send. Owned by the thread that executes it. */
final class SharedRun {

  /** From the offer to the schedule's zero: time to read the plan and load its prompts. */
  private static final Duration LEAD = Duration.ofSeconds(5);

  private final GeneratorSettings settings;
  private final ShardOffered offer;
  private final long lengthNanos;

  /**
   * A run that is to be shared.
   *
   * @param offer the offer of shard 0, but for its times
   * @param lengthNanos from the schedule's zero until nobody need take a shard any more
   */
  SharedRun(GeneratorSettings settings, ShardOffered offer, long lengthNanos) {
    this.settings = settings;
    this.offer = offer;
    this.lengthNanos = lengthNanos;
  }

  /**
   * What came of the requests, as the log has it.
   *
   * @param zeroAt epoch nanoseconds of the schedule's zero
   * @param log what the log holds of the run
   * @param lost events that generators lost
   * @param epoch a lease epoch above that of every shard
   * @param remarks what happened to shards
   * @param failures why shards were not sent to their end
   */
  record Result(
      long zeroAt,
      RunLog log,
      ClientHealth health,
      long lost,
      int epoch,
      List<String> remarks,
      List<String> failures) {

    /**
     * Events of the whole run.
     *
     * @param missing requests that somebody else has ended
     */
    PublishedCounts counts(long missing) {
      return new PublishedCounts(
          log.requestsSent(), log.requestsFinished() + missing, log.tokens(), 0, lost);
    }
  }

  /**
   * Waits until as many generators have joined as are to share each run.
   *
   * @throws IllegalStateException if they have not within a minute
   */
  static void awaitGenerators(GeneratorSettings settings, Clocks clocks, BooleanSupplier stopping)
      throws InterruptedException {
    try (SharedMeasure shared =
        new SharedMeasure(
            settings.bootstrapServers(),
            settings.registry(),
            settings.shards(),
            clocks.ticker()::nanos)) {
      String problem = shared.awaitGenerators(stopping);
      if (problem != null) {
        throw new IllegalStateException(problem);
      }
    }
  }

  /**
   * Has the run measured.
   *
   * @param started takes epoch nanoseconds of the schedule's zero
   */
  Result measure(
      RunIdentity identity, Clocks clocks, LongConsumer started, BooleanSupplier stopping)
      throws InterruptedException {
    try (SharedMeasure shared =
        new SharedMeasure(
            settings.bootstrapServers(),
            settings.registry(),
            settings.shards(),
            () -> identity.anchor().epochAt(clocks.ticker().nanos()))) {
      String problem = shared.awaitGenerators(stopping);
      long zero = identity.anchor().epochAt(clocks.ticker().nanos() + LEAD.toNanos());
      if (problem != null || stopping.getAsBoolean()) {
        RunLog nothing = RunLog.empty();
        List<String> failures = problem == null ? List.of() : List.of(problem);
        return new Result(zero, nothing, nothing.health(), 0, 1, List.of(), failures);
      }
      started.accept(zero);
      RunLog log =
          shared.measure(
              ShardOffered.newBuilder(offer)
                  .setStartAt(zero)
                  .setExpiresAt(zero + lengthNanos)
                  .build(),
              stopping);
      return new Result(
          zero,
          log,
          log.health(),
          shared.eventsLost(),
          shared.highestEpoch() + 1,
          shared.remarks(),
          shared.failures());
    }
  }
}
