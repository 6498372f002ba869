package dev.kvasir.sink.warehouse;

import dev.kvasir.topic.Topic;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** What Kafka says about the topics: their partitions, and where they begin and end. */
final class LogEnds {

  private final Admin admin;

  LogEnds(Admin admin) {
    this.admin = admin;
  }

  /**
   * Every partition of every topic.
   *
   * @throws WarehouseException if a topic is missing or Kafka does not answer
   */
  Map<TopicPartition, LogPartition> partitions() throws InterruptedException {
    List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    try {
      requireAll(names, admin.listTopics().names().get());
      Map<TopicPartition, LogPartition> found = new HashMap<>();
      for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
        topic
            .partitions()
            .forEach(partition ->
                found.put(
                    new TopicPartition(topic.name(), partition.partition()),
                    new LogPartition(topic.topicId(), topic.name(), partition.partition())));
      }
      return found;
    } catch (ExecutionException e) {
      throw unanswered(e);
    }
  }

  private static void requireAll(List<String> names, Set<String> existing) {
    List<String> missing = names.stream().filter(name -> !existing.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new WarehouseException(
          "Kafka lacks the topics " + missing + ": create them before the sink starts", null);
    }
  }

  /** Offsets of what transactions have committed. */
  Map<TopicPartition, ListOffsetsResultInfo> list(
      Collection<TopicPartition> partitions, OffsetSpec which) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> which));
    try {
      return admin
          .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw unanswered(e);
    }
  }

  /** The next offset to be written in each partition. */
  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions)
      throws InterruptedException {
    return list(partitions, OffsetSpec.latest()).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  /** The largest timestamp, epoch milliseconds, in a partition; 0 if it is empty. */
  long lastTimestamp(TopicPartition partition) throws InterruptedException {
    ListOffsetsResultInfo found =
        list(List.of(partition), OffsetSpec.maxTimestamp()).get(partition);
    return found == null ? 0 : Math.max(0, found.timestamp());
  }

  private static WarehouseException unanswered(ExecutionException e) {
    return new WarehouseException("Kafka does not answer: " + e.getMessage(), e);
  }
}
