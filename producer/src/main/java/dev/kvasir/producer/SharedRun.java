package dev.kvasir.producer;

import dev.kvasir.event.RunStarted;
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
  private final RunStarted run;
  private final String plan;

  /**
   * @param plan the plan as YAML, from which every generator lays the run out again
   */
  SharedRun(GeneratorSettings settings, RunStarted run, String plan) {
    this.settings = settings;
    this.run = run;
    this.plan = plan;
  }

  /**
   * What came of the requests, as the log has it.
   *
   * @param log what the log holds of the run
   * @param counts events of the whole run
   * @param remarks what happened to shards
   */
  record Result(RunLog log, ClientHealth health, PublishedCounts counts, List<String> remarks) {}

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
      shared.awaitGenerators(stopping);
      long zero = identity.anchor().epochAt(clocks.ticker().nanos() + LEAD.toNanos());
      started.accept(zero);
      RunLog log = shared.measure(offer(zero), stopping);
      return new Result(
          log,
          log.health(),
          new PublishedCounts(
              log.requestsSent(), log.requestsFinished(), log.tokens(), 0, shared.eventsLost()),
          shared.remarks());
    }
  }

  private ShardOffered offer(long zero) {
    return ShardOffered.newBuilder()
        .setRun(run.getRun())
        .setAt(run.getAt())
        .setShard(0)
        .setShards(settings.shards())
        .setPlan(plan)
        .setCell(run.getCell())
        .setRepeat(run.getRepeat())
        .setStartAt(zero)
        .setSalt(run.getSalt())
        .build();
  }
}
