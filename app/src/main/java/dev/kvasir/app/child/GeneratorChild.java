package dev.kvasir.app.child;

import dev.kvasir.app.pipeline.Causes;
import dev.kvasir.app.pipeline.GeneratorMeters;
import dev.kvasir.app.pipeline.GeneratorNews;
import dev.kvasir.app.pipeline.GeneratorOrder;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.ParentLine;
import dev.kvasir.app.pipeline.PlanExecution;
import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.ServerAddresses;
import dev.kvasir.producer.ServerUnreachableException;
import dev.kvasir.producer.plan.InvalidPlanException;
import dev.kvasir.producer.workload.DatasetException;
import dev.kvasir.time.Pause;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The process of a generator that belongs to another kvasir. */
final class GeneratorChild {

  /** How long events may take to reach Kafka, or the spill file, once the parent has died. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(15);

  private static final Duration BETWEEN_METERS = Duration.ofSeconds(1);

  /**
   * What follows the order.
   *
   * @param servers where the servers are: the plan may be executed
   * @param stop the run under way is to end, and says these sentences of it
   */
  private record Word(@Nullable ServerAddresses servers, @Nullable List<String> stop) {}

  private GeneratorChild() {}

  static void run(Home home, ParentLine parent) throws InterruptedException {
    Precedence.compileLater();
    GeneratorOrder order = parent.hear(GeneratorOrder.class);
    if (order == null) {
      return;
    }
    try (PlanExecution execution =
        PlanExecution.load(order.plan(), home, order.log(), order.pipeline())) {
      parent.tell(new GeneratorNews.Ready(execution.skipped()));
      Word go = parent.hear(Word.class);
      if (go == null || go.servers() == null) {
        return;
      }
      Thread.ofPlatform().daemon().name("parent").start(() -> listen(parent, execution));
      MeterRegistry meters = new SimpleMeterRegistry();
      execution.meter(meters);
      Thread.ofPlatform().daemon().name("meters").start(() -> tell(parent, meters));
      execution.execute(order.alone(), order.resume(), go.servers(), parent::tell);
    } catch (InvalidPlanException | DatasetException e) {
      fail(parent, e, true);
      return;
    } catch (ServerUnreachableException | RuntimeException e) {
      fail(parent, e, false);
      return;
    }
    parent.tell(new GeneratorNews.Done());
  }

  private static void tell(ParentLine parent, MeterRegistry meters) {
    try {
      while (true) {
        Pause.of(BETWEEN_METERS);
        parent.tell(GeneratorMeters.of(meters));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fail(ParentLine parent, Exception failure, boolean usage) {
    LoggerFactory.getLogger(GeneratorChild.class).error("the plan was not executed", failure);
    parent.tell(new GeneratorNews.Failed(Causes.paragraph(failure), usage));
  }

  private static void listen(ParentLine parent, PlanExecution execution) {
    Word word = parent.hear(Word.class);
    execution.stop(word == null || word.stop() == null ? List.of() : word.stop());
    if (word == null) {
      leave();
    }
    while (word != null) {
      word = parent.hear(Word.class);
    }
    leave();
  }

  /** The parent is gone: nobody is left to wait for this process. */
  private static void leave() {
    try {
      Pause.of(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }
}
