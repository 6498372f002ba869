package dev.kvasir.sink.archive;

import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.Topic;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Lets records leave the log: those that an archive holds, that every reader has behind it, and
 * that are old enough. The topics of runs and of shards keep everything, and the topic of requests
 * what is as young as a run without an end: were its generator to die, the next one has to know
 * which of its requests had ended.
 */
public final class LogExpiry {

  /** What may leave the log. */
  private static final Set<Topic> EXPIRING =
      EnumSet.of(Topic.REQUESTS, Topic.TOKENS, Topic.SAMPLES, Topic.WINDOWS, Topic.ALERTS);

  /** What the stream stage reads. */
  private static final Set<Topic> STREAMED =
      EnumSet.of(Topic.REQUESTS, Topic.TOKENS, Topic.SAMPLES);

  private final LogArchive archive;
  private final Map<TopicPartition, Long> loaded;
  private final String streamsGroup;

  /**
   * @param archive what has been copied
   * @param loaded the next offset of each partition that the warehouse loads
   * @param streamsGroup consumer group of the stream stage
   */
  public LogExpiry(LogArchive archive, Map<TopicPartition, Long> loaded, String streamsGroup) {
    this.archive = archive;
    this.loaded = Map.copyOf(loaded);
    this.streamsGroup = streamsGroup;
  }

  /**
   * Has Kafka forget what it may.
   *
   * @param beforeMillis epoch milliseconds: records that are younger stay
   * @param openSinceMillis epoch milliseconds: when the oldest run began that has no end; null if
   *     all have
   * @return how many records have left each partition that lost any
   */
  public Map<TopicPartition, Long> expire(
      String bootstrapServers, long beforeMillis, @Nullable Long openSinceMillis)
      throws InterruptedException {
    try (Admin admin = Admin.create(ClientAccess.ofProcess().kafka(bootstrapServers, Map.of()))) {
      Map<TopicPartition, Long> ends = archived(admin);
      limit(ends, loaded);
      limitByStreams(admin, ends);
      limitByTime(admin, ends, beforeMillis, openSinceMillis);
      return delete(admin, ends);
    } catch (ExecutionException e) {
      throw new ArchiveException("Kafka does not answer: " + e.getMessage(), e);
    }
  }

  /** The offset up to which each partition is in the archive, from its present beginning on. */
  private Map<TopicPartition, Long> archived(Admin admin)
      throws ExecutionException, InterruptedException {
    List<String> names = EXPIRING.stream().map(Topic::topicName).toList();
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(partition ->
              archive
                  .range(topic.topicId(), partition.partition())
                  .ifPresent(range ->
                      ends.put(
                          new TopicPartition(topic.name(), partition.partition()),
                          range.through())));
    }
    return ends;
  }

  /** A partition that a reader has not come to keeps everything. */
  private static void limit(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> behind) {
    ends.replaceAll((partition, end) -> Math.min(end, behind.getOrDefault(partition, 0L)));
  }

  private void limitByStreams(Admin admin, Map<TopicPartition, Long> ends)
      throws ExecutionException, InterruptedException {
    Set<String> streamed = STREAMED.stream().map(Topic::topicName).collect(Collectors.toSet());
    Map<TopicPartition, Long> read = new HashMap<>();
    admin
        .listConsumerGroupOffsets(streamsGroup)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, offset) -> {
          if (offset != null) {
            read.put(partition, offset.offset());
          }
        });
    ends.replaceAll((partition, end) ->
        streamed.contains(partition.topic())
            ? Math.min(end, read.getOrDefault(partition, 0L))
            : end);
  }

  private static void limitByTime(
      Admin admin,
      Map<TopicPartition, Long> ends,
      long beforeMillis,
      @Nullable Long openSinceMillis)
      throws ExecutionException, InterruptedException {
    long requestsBefore =
        openSinceMillis == null ? beforeMillis : Math.min(beforeMillis, openSinceMillis);
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (TopicPartition partition : ends.keySet()) {
      boolean ofRequests = partition.topic().equals(Topic.REQUESTS.topicName());
      asked.put(partition, OffsetSpec.forTimestamp(ofRequests ? requestsBefore : beforeMillis));
    }
    Map<TopicPartition, ListOffsetsResultInfo> young = admin.listOffsets(asked).all().get();
    ends.replaceAll((partition, end) -> {
      ListOffsetsResultInfo first = young.get(partition);
      return first == null || first.offset() < 0 ? end : Math.min(end, first.offset());
    });
  }

  private static Map<TopicPartition, Long> delete(Admin admin, Map<TopicPartition, Long> ends)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    ends.keySet().forEach(partition -> asked.put(partition, OffsetSpec.earliest()));
    Map<TopicPartition, ListOffsetsResultInfo> begins = admin.listOffsets(asked).all().get();
    Map<TopicPartition, RecordsToDelete> leaving = new HashMap<>();
    Map<TopicPartition, Long> left = new HashMap<>();
    ends.forEach((partition, end) -> {
      ListOffsetsResultInfo begin = begins.get(partition);
      if (begin != null && begin.offset() < end) {
        leaving.put(partition, RecordsToDelete.beforeOffset(end));
        left.put(partition, end - begin.offset());
      }
    });
    admin.deleteRecords(leaving).all().get();
    return left;
  }
}
