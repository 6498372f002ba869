package dev.kvasir.producer;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunImported;
import dev.kvasir.event.RunStarted;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Ends the runs in a log that began and never ended. One thread uses it. */
final class OrphanedRuns {

  private static final Duration TAKEN_WITHIN = Duration.ofSeconds(30);
  private static final int ENDS_AT_ONCE = 50_000;

  private final GeneratorSettings settings;
  private final EventPublisher publisher;
  private final Clocks clocks;

  OrphanedRuns(GeneratorSettings settings, EventPublisher publisher, Clocks clocks) {
    this.settings = settings;
    this.publisher = publisher;
    this.clocks = clocks;
  }

  /**
   * Ends such runs as aborted, and those of their requests that have no end.
   *
   * @param wanted which runs to look at, by number
   * @return the events that ended them
   * @throws IllegalStateException if Kafka does not take the ends
   */
  List<RunFinished> close(LongPredicate wanted) throws InterruptedException {
    long at = EpochAnchor.measure(clocks.ticker(), clocks.wall()).epochNanos();
    List<RunFinished> ends = new ArrayList<>();
    for (OrphanedRun orphan : find(wanted)) {
      publishEnds(orphan.ends().iterator());
      RunFinished end = orphan.end(at);
      publisher.publish(end);
      ends.add(end);
      mustFlush();
    }
    return ends;
  }

  /** Publishes no more at once than the publisher's queue takes. */
  private void publishEnds(Iterator<RequestFinished> ends) throws InterruptedException {
    for (int waiting = 1; ends.hasNext(); waiting++) {
      publisher.publish(ends.next());
      if (waiting % ENDS_AT_ONCE == 0) {
        mustFlush();
      }
    }
  }

  private void mustFlush() throws InterruptedException {
    if (!publisher.flush(TAKEN_WITHIN)) {
      throw new IllegalStateException(
          "Kafka at " + settings.bootstrapServers() + " did not take the ends of earlier runs");
    }
  }

  private List<OrphanedRun> find(LongPredicate wanted) {
    try (LogReader log = new LogReader(settings.bootstrapServers(), settings.registry())) {
      Map<Long, RunStarted> open = open(log);
      open.keySet().removeIf(run -> !wanted.test(run));
      if (open.isEmpty()) {
        return List.of();
      }
      long since = open.values().stream().mapToLong(RunStarted::getAt).min().orElseThrow();
      Map<Long, OrphanedRun> found = new LinkedHashMap<>();
      long tokensSince = log.completeSince(Topic.TOKENS);
      open.forEach((run, started) -> found.put(run, new OrphanedRun(started, tokensSince)));
      log.read(Topic.REQUESTS, since, of(log, found, OrphanedRun::addEnd));
      log.read(Topic.REQUESTS, since, of(log, found, OrphanedRun::addSent));
      log.read(Topic.TOKENS, since, of(log, found, OrphanedRun::addToken));
      return List.copyOf(found.values());
    }
  }

  /** Gives each event to its run. */
  private static Consumer<ConsumerRecord<byte[], byte[]>> of(
      LogReader log, Map<Long, OrphanedRun> found, BiConsumer<OrphanedRun, SpecificRecord> reader) {
    return kafka -> {
      OrphanedRun run = found.get(EventKey.run(kafka.key()));
      SpecificRecord event = run == null ? null : log.decode(kafka);
      if (run != null && event != null) {
        reader.accept(run, event);
      }
    };
  }

  private static Map<Long, RunStarted> open(LogReader log) {
    Map<Long, RunStarted> open = new LinkedHashMap<>();
    log.read(
        Topic.RUNS,
        0,
        kafka -> {
          switch (log.decode(kafka)) {
            case RunStarted started -> open.put(started.getRun(), started);
            case RunFinished finished -> open.remove(finished.getRun());
            case RunImported imported -> open.remove(imported.getRun());
            case null, default -> {}
          }
        });
    return open;
  }
}
