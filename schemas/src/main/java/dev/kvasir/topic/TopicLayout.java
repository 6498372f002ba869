package dev.kvasir.topic;

import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * How the topics lie in a Kafka cluster.
 *
 * @param partitions partitions of every topic
 * @param replication replicas of every partition
 * @param retention how long events are kept, runs excepted, which are kept for ever; null for ever
 */
public record TopicLayout(int partitions, short replication, @Nullable Duration retention) {

  /** A single broker on a laptop: nothing expires. */
  public static final TopicLayout EMBEDDED = new TopicLayout(4, (short) 1, null);

  private static final Duration HEARD_WITHIN = Duration.ofSeconds(30);
  private static final Duration ASKED_EVERY = Duration.ofMillis(10);

  public TopicLayout {
    if (partitions < 1 || replication < 1) {
      throw new IllegalArgumentException(
          "topics have "
              + partitions
              + " partitions and "
              + replication
              + " replicas; both must be at least 1");
    }
  }

  /**
   * Creates the topics that are missing, and waits until the leader of every partition takes
   * records. A producer that writes sooner has its first batch refused and may have the second one
   * taken, after which the broker takes the first one no more.
   *
   * @throws IllegalStateException if requests and tokens exist with different partition counts
   */
  public void create(Admin admin) throws InterruptedException, ExecutionException {
    Set<String> existing = admin.listTopics().names().get();
    List<NewTopic> missing = new ArrayList<>();
    for (Topic topic : Topic.values()) {
      if (!existing.contains(topic.topicName())) {
        missing.add(describe(topic));
      }
    }
    for (var created : admin.createTopics(missing).values().values()) {
      tolerateRace(created);
    }
    check(admin);
  }

  private static void tolerateRace(org.apache.kafka.common.KafkaFuture<Void> created)
      throws InterruptedException, ExecutionException {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private NewTopic describe(Topic topic) {
    long retentionMillis = topic == Topic.RUNS || retention == null ? -1 : retention.toMillis();
    return new NewTopic(topic.topicName(), partitions, replication)
        .configs(
            Map.of(
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retentionMillis),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "CreateTime",
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                Long.toString(Long.MAX_VALUE),
                TopicConfig.FLUSH_MS_CONFIG,
                "1000"));
  }

  private static void check(Admin admin) throws InterruptedException, ExecutionException {
    Map<String, TopicDescription> found = known(admin);
    Map<String, Integer> counts =
        found.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().partitions().size()));
    mustAgree(counts, Topic.REQUESTS, Topic.TOKENS);
    mustAgree(counts, Topic.RUNS, Topic.SAMPLES);
    mustAgree(counts, Topic.RUNS, Topic.WINDOWS);
    mustAgree(counts, Topic.RUNS, Topic.ALERTS);
    awaitLeaders(admin, found.values());
  }

  /** What a broker says of the topics; one that was created a moment ago may not have heard yet. */
  private static Map<String, TopicDescription> known(Admin admin)
      throws InterruptedException, ExecutionException {
    List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    long deadline = Ticker.system().nanos() + HEARD_WITHIN.toNanos();
    while (true) {
      try {
        return admin.describeTopics(names).allTopicNames().get();
      } catch (ExecutionException e) {
        boolean unheard = e.getCause() instanceof UnknownTopicOrPartitionException;
        if (!unheard || Ticker.system().nanos() > deadline) {
          throw e;
        }
      }
      Pause.of(ASKED_EVERY);
    }
  }

  private static void awaitLeaders(Admin admin, Collection<TopicDescription> topics)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    topics.forEach(topic ->
        topic
            .partitions()
            .forEach(partition ->
                ends.put(
                    new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest())));
    admin.listOffsets(ends).all().get();
  }

  private static void mustAgree(Map<String, Integer> counts, Topic left, Topic right) {
    Integer leftCount = counts.get(left.topicName());
    Integer rightCount = counts.get(right.topicName());
    if (leftCount == null || !leftCount.equals(rightCount)) {
      throw new IllegalStateException(
          left.topicName()
              + " has "
              + leftCount
              + " partitions and "
              + right.topicName()
              + " has "
              + rightCount
              + "; they must have the same number: recreate one of them");
    }
  }
}
