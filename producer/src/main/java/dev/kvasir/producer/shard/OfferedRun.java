package dev.kvasir.producer.shard;

import dev.kvasir.event.ShardOffered;
import dev.kvasir.producer.cache.Salt;
import dev.kvasir.producer.exchange.Dialect;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.CachePolicy;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.workload.PromptSet;
import dev.kvasir.producer.workload.Workloads;
import dev.kvasir.time.EpochAnchor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as an offer describes it, laid out again from its plan.
 *
 * @param id readable id
 * @param course what the whole run sends
 * @param door where to
 * @param salt what stands before every prompt
 */
record OfferedRun(
    long number, String id, Plan plan, RunSpec spec, Course course, Door door, Salt salt) {

  private static final int NUMBER_RADIX = 36;

  static OfferedRun of(ShardOffered offer, ShardMemberSettings settings) {
    Plan plan =
        new PlanParser(settings.datasets(), settings.profiles())
            .parse("the plan of run " + offer.getRun(), offer.getPlan());
    RunSpec spec =
        Matrix.of(plan).runs().stream()
            .filter(run -> run.cell().equals(offer.getCell()) && run.repeat() == offer.getRepeat())
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "the plan of run %d has no repeat %d of %s"
                        .formatted(offer.getRun(), offer.getRepeat(), offer.getCell())));
    Workloads workloads = Workloads.load(List.of(spec.variant().workload()), settings.datasets());
    PromptSet prompts = spec.prompts(workloads);
    return new OfferedRun(
        offer.getRun(),
        spec.idStem() + "-" + Long.toString(offer.getRun(), NUMBER_RADIX),
        plan,
        spec,
        Course.of(spec, prompts),
        settings.doors().of(spec.strategy(), offer),
        salt(offer, plan, prompts));
  }

  private static Salt salt(ShardOffered offer, Plan plan, PromptSet prompts) {
    return plan.cache().salt() == CachePolicy.Salting.CYCLE
        ? Salt.cycle(offer.getSalt(), prompts.measured().size(), null)
        : Salt.same(offer.getSalt());
  }

  /** What the requests that are sent under an epoch have in common. */
  RunFrame frame(EpochAnchor anchor, int epoch) {
    return new RunFrame(
            number,
            anchor,
            Dialect.of(spec.strategy().protocol()),
            nanos(plan.objective().ttft()),
            nanos(plan.objective().tpot()),
            plan.timeout().toNanos(),
            plan.recordText(),
            door.secrets())
        .underEpoch(epoch);
  }

  private static @Nullable Long nanos(@Nullable Duration duration) {
    return duration == null ? null : duration.toNanos();
  }
}
