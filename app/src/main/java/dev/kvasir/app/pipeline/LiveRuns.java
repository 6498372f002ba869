package dev.kvasir.app.pipeline;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.RegistryUnavailableException;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.UndecodableException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that began since this was started, as the topics {@code runs}, {@code windows} and
 * {@code alerts} tell them. A thread of its own reads; anyone may look.
 */
public final class LiveRuns implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveRuns.class);

  /** The topics that tell of runs. */
  public static final Set<Topic> TOLD = EnumSet.of(Topic.RUNS, Topic.WINDOWS, Topic.ALERTS);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final LogAddress log;
  private final Map<Long, LiveRun> runs = new ConcurrentSkipListMap<>();
  private final Thread thread;
  private volatile boolean closing;

  private LiveRuns(LogAddress log, LogEnd from) {
    this.log = log;
    this.thread = Thread.ofPlatform().daemon().name("live-runs").start(() -> read(from));
  }

  /** Watches from now on. */
  public static LiveRuns watch(LogAddress log) {
    return watch(log, LogEnd.of(log, TOLD));
  }

  /** Watches from where these topics, and perhaps others, ended. */
  public static LiveRuns watch(LogAddress log, LogEnd from) {
    return new LiveRuns(log, from.of(TOLD));
  }

  /** Every run that began, in the order of their numbers. */
  public List<LiveRun> all() {
    return List.copyOf(runs.values());
  }

  /** The runs that go on. */
  public List<LiveRun> active() {
    return runs.values().stream().filter(run -> run.finished() == null).toList();
  }

  private void read(LogEnd from) {
    try (Consumer<byte[], byte[]> consumer = LogEnd.consumer(log, "kvasir-live");
        EventDeserializer events = new EventDeserializer(log.schemas())) {
      consumer.assign(from.offsets().keySet());
      for (Map.Entry<TopicPartition, Long> each : from.offsets().entrySet()) {
        consumer.seek(each.getKey(), each.getValue());
      }
      while (!closing) {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
          hear(events, each);
        }
      }
    } catch (KafkaException e) {
      LOG.warn("what is going on can no longer be shown reason=\"{}\"", e.toString());
    }
  }

  private void hear(EventDeserializer events, ConsumerRecord<byte[], byte[]> each) {
    try {
      fold(events.deserialize(each.topic(), each.value()));
    } catch (UndecodableException | RegistryUnavailableException e) {
      LOG.warn(
          "a record is not shown topic={} partition={} offset={}",
          each.topic(),
          each.partition(),
          each.offset(),
          e);
    }
  }

  private void fold(SpecificRecord event) {
    switch (event) {
      case RunStarted started -> runs.put(started.getRun(), LiveRun.begin(started));
      case PhaseStarted phase ->
          runs.computeIfPresent(phase.getRun(), (_, run) -> run.enter(phase));
      case WindowMeasured window ->
          runs.computeIfPresent(window.getRun(), (_, run) -> run.measure(window));
      case AlertRaised alert -> runs.computeIfPresent(alert.getRun(), (_, run) -> run.raise(alert));
      case AlertCleared alert ->
          runs.computeIfPresent(alert.getRun(), (_, run) -> run.clear(alert));
      case RunFinished finished ->
          runs.computeIfPresent(finished.getRun(), (_, run) -> run.end(finished));
      default -> LOG.trace("{} is not shown", event.getClass());
    }
  }

  @Override
  public void close() {
    closing = true;
    try {
      if (!thread.join(CLOSING)) {
        LOG.warn("what reads live runs did not end limit_s={}", CLOSING.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
