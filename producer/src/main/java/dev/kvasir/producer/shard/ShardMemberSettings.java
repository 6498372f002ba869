package dev.kvasir.producer.shard;

import dev.kvasir.producer.workload.Datasets;
import dev.kvasir.topic.Registry;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a generator that shares runs works with.
 *
 * @param bootstrapServers Kafka's addresses
 * @param registry where schemas are looked up
 * @param spillFolder folder for events that find no room in memory while Kafka is away
 * @param name what others call it; unique
 * @param datasets the files that plans name
 * @param profiles profiles that plans may simulate
 * @param doors how servers are reached from here
 */
public record ShardMemberSettings(
    String bootstrapServers,
    Registry registry,
    Path spillFolder,
    String name,
    Datasets datasets,
    Set<String> profiles,
    Door.Finder doors) {

  public ShardMemberSettings {
    profiles = Set.copyOf(profiles);
  }
}
