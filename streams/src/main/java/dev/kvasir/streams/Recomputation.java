package dev.kvasir.streams;

import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Windows made anew: the stage forgets its offsets and its state, reads the log from its beginning,
 * and every window's last version follows its earlier ones, which it replaces. Alerts, which belong
 * to the moment at which somebody could act on them, are not told again. One thread uses it.
 */
public final class Recomputation {

  private static final Logger LOG = LoggerFactory.getLogger(Recomputation.class);
  private static final Duration GROUP_PATIENCE = Duration.ofSeconds(30);
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  /** Nothing new for so long after everything was read: the last windows have settled. */
  private static final Duration QUIET = Duration.ofSeconds(4);

  private final StreamsSettings settings;
  private final Admin admin;
  private final Ticker ticker = Ticker.system();

  private Recomputation(StreamsSettings settings, Admin admin) {
    this.settings = settings;
    this.admin = admin;
  }

  /**
   * Recomputes every window.
   *
   * @param limit how long that may take
   * @return how many versions of windows were written
   * @throws IllegalStateException if another instance is at work, or events have left the log
   * @throws TimeoutException if it takes longer than the limit
   */
  public static long of(StreamsSettings settings, Duration limit)
      throws InterruptedException, TimeoutException {
    Map<String, Object> access =
        ClientAccess.ofProcess().kafka(settings.bootstrapServers(), Map.of());
    try (Admin admin = Admin.create(access)) {
      return new Recomputation(settings, admin).run(limit);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          "the windows cannot be made anew on Kafka at %s: %s"
              .formatted(settings.bootstrapServers(), cause.getMessage()),
          cause);
    }
  }

  private long run(Duration limit)
      throws ExecutionException, InterruptedException, TimeoutException {
    requireWholeLog();
    forget();
    long before = ends(List.of(Topic.WINDOWS.topicName()));
    try (StreamsStage stage =
        StreamsStage.start(settings, KvasirTopology.silent(settings.registry()))) {
      stage.awaitRunning(START_PATIENCE);
      awaitQuiet(ticker.nanos() + limit.toNanos());
    }
    return ends(List.of(Topic.WINDOWS.topicName())) - before;
  }

  private void requireWholeLog() throws ExecutionException, InterruptedException {
    List<String> cut =
        offsets(StartOffsets.SOURCES, OffsetSpec.earliest()).entrySet().stream()
            .filter(begin -> begin.getValue() > 0)
            .map(begin -> begin.getKey().topic())
            .distinct()
            .sorted()
            .toList();
    if (!cut.isEmpty()) {
      throw new IllegalStateException(
          "windows are made of the log itself, and events have left %s (their copies in the archive make tables, not windows); leave --streams away, the windows that were measured stay"
              .formatted(String.join(", ", cut)));
    }
  }

  /** Takes away the group, and what the stage keeps in topics of its own. */
  private void forget() throws ExecutionException, InterruptedException {
    long until = ticker.nanos() + GROUP_PATIENCE.toNanos();
    while (!groupIsGone()) {
      if (ticker.nanos() > until) {
        throw new IllegalStateException(
            "another stream stage is at work in the group %s; stop every 'kvasir stream' first"
                .formatted(settings.applicationId()));
      }
      Pause.of(BETWEEN_LOOKS);
    }
    List<String> own =
        admin.listTopics().names().get().stream()
            .filter(name -> name.startsWith(settings.applicationId() + "-"))
            .filter(name -> name.endsWith("-changelog") || name.endsWith("-repartition"))
            .toList();
    LOG.info("what was kept is forgotten topics={}", own);
    admin.deleteTopics(own).all().get();
  }

  /** A member that died is in its group until its session ends. */
  private boolean groupIsGone() throws ExecutionException, InterruptedException {
    try {
      admin.deleteConsumerGroups(List.of(settings.applicationId())).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return true;
      }
      if (e.getCause() instanceof GroupNotEmptyException) {
        return false;
      }
      throw e;
    }
  }

  private void awaitQuiet(long until)
      throws ExecutionException, InterruptedException, TimeoutException {
    long written = -1;
    long quietSince = ticker.nanos();
    while (ticker.nanos() - quietSince < QUIET.toNanos()) {
      if (ticker.nanos() > until) {
        throw new TimeoutException("the windows were not made anew in time");
      }
      Pause.of(BETWEEN_LOOKS);
      long now = ends(List.of(Topic.WINDOWS.topicName()));
      if (now != written || !isRead()) {
        written = now;
        quietSince = ticker.nanos();
      }
    }
  }

  /** Whether the group has read every source to its end. */
  private boolean isRead() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin
            .listConsumerGroupOffsets(settings.applicationId())
            .partitionsToOffsetAndMetadata()
            .get();
    return offsets(StartOffsets.SOURCES, OffsetSpec.latest()).entrySet().stream()
        .allMatch(end ->
            end.getValue() == 0
                || Optional.ofNullable(committed.get(end.getKey()))
                        .map(OffsetAndMetadata::offset)
                        .orElse(0L)
                    >= end.getValue());
  }

  private long ends(Collection<String> topics) throws ExecutionException, InterruptedException {
    return offsets(topics, OffsetSpec.latest()).values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<TopicPartition, Long> offsets(Collection<String> topics, OffsetSpec which)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> asked;
    try {
      asked =
          admin.describeTopics(topics).allTopicNames().get().values().stream()
              .flatMap(topic ->
                  topic.partitions().stream()
                      .map(info -> new TopicPartition(topic.name(), info.partition())))
              .collect(Collectors.toMap(Function.identity(), _ -> which));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new IllegalStateException(
            "there is no log of Kvasir's at %s: %s"
                .formatted(settings.bootstrapServers(), e.getCause().getMessage()),
            e);
      }
      throw e;
    }
    return admin.listOffsets(asked).all().get().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, found -> found.getValue().offset()));
  }
}
