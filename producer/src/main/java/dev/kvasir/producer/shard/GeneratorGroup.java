package dev.kvasir.producer.shard;

import dev.kvasir.topic.ClientAccess;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** The generators that share runs, as Kafka sees them. */
final class GeneratorGroup implements AutoCloseable {

  private final Admin admin;

  GeneratorGroup(String bootstrapServers) {
    this.admin = Admin.create(ClientAccess.ofProcess().kafka(bootstrapServers, Map.of()));
  }

  /** The partitions of each generator that has some; empty when Kafka knows none. */
  List<Set<Integer>> assigned() throws InterruptedException {
    try {
      return admin
          .describeConsumerGroups(List.of(ShardMember.GROUP))
          .describedGroups()
          .values()
          .iterator()
          .next()
          .get()
          .members()
          .stream()
          .map(member ->
              member.assignment().topicPartitions().stream()
                  .map(TopicPartition::partition)
                  .collect(Collectors.toSet()))
          .filter(own -> !own.isEmpty())
          .toList();
    } catch (ExecutionException e) {
      return List.of();
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
