package dev.kvasir.producer;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanText;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What keeps generators from sharing the runs of a plan. */
final class SharedPlan {

  private static final int MOST_REQUESTS = 200_000;

  private SharedPlan() {}

  /**
   * Refuses a plan that cannot be shared, with every reason at once.
   *
   * @throws IllegalArgumentException if there is one
   */
  static void check(Plan plan) {
    List<String> problems = new ArrayList<>();
    if (plan.search() != null) {
      problems.add("search decides its rates on the way; give load points");
    } else {
      loads(plan, problems);
      sizes(plan, problems);
    }
    if (plan.play().passes() > 1) {
      problems.add("passes cannot be shared; leave passes away");
    }
    if (plan.stop().errorRate() != null || plan.stop().overSaturation()) {
      problems.add(
          "stop.error-rate and stop.over-saturation need to see every answer at once; of the stop"
              + " rules, only duration can be shared");
    }
    plan.strategies().forEach(strategy -> secrets(strategy, problems));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "generators cannot share the runs of %s (--shards):%n  %s"
              .formatted(plan.experiment(), String.join("\n  ", problems)));
    }
  }

  private static void loads(Plan plan, List<String> problems) {
    List<String> closed =
        Matrix.of(plan).runs().stream()
            .filter(run -> !(run.load() instanceof LoadPoint.Open))
            .map(RunSpec::loadPoint)
            .distinct()
            .toList();
    if (!closed.isEmpty()) {
      problems.add(
          "%s: only open loops can be shared, because what is due does not depend on answers there"
              .formatted(String.join(", ", closed)));
    }
  }

  /** A shard and whoever gathers them keep what they know of each request in memory. */
  private static void sizes(Plan plan, List<String> problems) {
    Matrix.of(plan).runs().stream()
        .filter(run -> run.requests().orElse(0) > MOST_REQUESTS)
        .findFirst()
        .ifPresent(run ->
            problems.add(
                String.format(
                    Locale.ROOT,
                    "%s has %,d requests; at most %,d of a run can be shared, so run a soak of days from one generator",
                    run.loadPoint(),
                    run.requests().orElse(0),
                    MOST_REQUESTS)));
  }

  private static void secrets(Strategy strategy, List<String> problems) {
    List<String> withheld = PlanText.withheld(strategy);
    if (!withheld.isEmpty()) {
      problems.add(
          "strategy %s: %s may be a secret, and secrets do not travel through Kafka; give headers as {env: NAME} or {file: PATH}, a key as api-key, and have them on each machine"
              .formatted(strategy.name(), String.join(", ", withheld)));
    }
  }
}
