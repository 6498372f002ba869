package dev.kvasir.sink.archive;

import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Copies of the log's records in files by run. A pass copies what was committed since the one
 * before, reads every file again, and names the files in the manifest when all are right; so what
 * the manifest covers may leave the log, and a replay takes it from here. One process extends an
 * archive at a time.
 */
public final class LogArchive {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path folder;

  /** An archive in a folder, which need not exist. */
  public LogArchive(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * What a pass has added.
   *
   * @param records records
   * @param files files
   * @param runs runs with a record among them
   */
  public record Added(long records, int files, int runs) {}

  /** What of each partition the archive holds. */
  public List<ArchivedRange> ranges() {
    return Manifest.in(folder).ranges();
  }

  /** The part of a partition that the archive holds. */
  public Optional<ArchivedRange> range(Uuid topicId, int partition) {
    return Manifest.in(folder).range(topicId, partition);
  }

  /** The files of a topic, in the order of their records in the log. */
  public List<ArchivedPart> parts(Uuid topicId) {
    return Manifest.in(folder).parts().stream()
        .filter(part -> part.topicId().equals(topicId.toString()))
        .toList();
  }

  /**
   * The records of a file.
   *
   * @throws ArchiveException if the file is not what was written
   */
  public List<ConsumerRecord<byte[], byte[]>> read(ArchivedPart part) {
    Path file = folder.resolve(part.path()).normalize();
    if (!file.startsWith(folder)) {
      throw new ArchiveException(
          "the manifest of %s names %s, which lies outside; restore it from a copy"
              .formatted(folder, part.path()));
    }
    return RecordFile.read(file, part);
  }

  /**
   * Copies everything that is committed in the log now and not in the archive yet.
   *
   * @throws ArchiveException if another process extends the archive, or a file is not read as it
   *     was written
   */
  public Added extend(String bootstrapServers) throws InterruptedException {
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock == null) {
          throw new ArchiveException(
              "another process extends the archive in %s; wait until it has ended"
                  .formatted(folder));
        }
        return extendAlone(bootstrapServers);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the archive in %s cannot be written (%s)".formatted(folder, e.getMessage()), e);
    }
  }

  private Added extendAlone(String bootstrapServers) throws IOException, InterruptedException {
    Manifest before = Manifest.in(folder);
    removeUnnamed(before);
    int pass = before.passes() + 1;
    Map<String, Uuid> ids = topicIds(bootstrapServers);
    List<ArchivedPart> added = new ArrayList<>();
    Map<TopicPartition, ArchivedRange> ranges = new HashMap<>();
    try (Consumer<byte[], byte[]> consumer =
        LogConsumer.open(
            bootstrapServers,
            "kvasir-archive",
            Map.of(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis()))) {
      for (Topic topic : Topic.values()) {
        Uuid id = ids.get(topic.topicName());
        if (id != null) {
          added.addAll(copy(consumer, topic.topicName(), id, before, pass, ranges));
        }
      }
    }
    merge(before, pass, ranges, added).writeInto(folder);
    return new Added(
        added.stream().mapToLong(ArchivedPart::records).sum(),
        added.size(),
        (int) added.stream().map(ArchivedPart::run).distinct().count());
  }

  private static Manifest merge(
      Manifest before,
      int pass,
      Map<TopicPartition, ArchivedRange> ranges,
      List<ArchivedPart> added) {
    Set<String> replaced =
        ranges.values().stream()
            .map(range -> range.topicId() + range.partition())
            .collect(Collectors.toSet());
    List<ArchivedRange> all = new ArrayList<>(ranges.values());
    before.ranges().stream()
        .filter(range -> !replaced.contains(range.topicId() + range.partition()))
        .forEach(all::add);
    all.sort(
        java.util.Comparator.comparing(ArchivedRange::topic)
            .thenComparing(ArchivedRange::topicId)
            .thenComparing(ArchivedRange::partition));
    List<ArchivedPart> parts = new ArrayList<>(before.parts());
    parts.addAll(added);
    return new Manifest(pass, all, parts);
  }

  /** Removes what a pass left behind that did not come to its end. */
  private void removeUnnamed(Manifest manifest) throws IOException {
    Set<Path> named =
        manifest.parts().stream()
            .map(part -> folder.resolve(part.path()))
            .collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".avro")).toList()) {
        if (!named.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }

  private List<ArchivedPart> copy(
      Consumer<byte[], byte[]> consumer,
      String topic,
      Uuid id,
      Manifest before,
      int pass,
      Map<TopicPartition, ArchivedRange> ranges)
      throws IOException {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> unread = new HashMap<>(consumer.endOffsets(partitions));
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      ArchivedRange known = start(before, id, partition, begins.getOrDefault(partition, 0L));
      consumer.seek(partition, known.through());
      ranges.put(partition, known);
    }
    try (OpenParts parts = new OpenParts(folder, pass, topic, id.toString())) {
      Map<TopicPartition, Long> ends = Map.copyOf(unread);
      drain(consumer, unread, ends, parts);
      ends.forEach((partition, end) ->
          ranges.computeIfPresent(
              partition, (_, range) -> range.through(Math.max(end, range.through()))));
      return parts.seal();
    }
  }

  /** Where copying goes on; records that have left the log uncopied begin the range anew. */
  private static ArchivedRange start(
      Manifest before, Uuid id, TopicPartition partition, long begin) {
    return before
        .range(id, partition.partition())
        .filter(range -> range.through() >= begin)
        .orElseGet(() ->
            new ArchivedRange(
                id.toString(), partition.topic(), partition.partition(), begin, begin));
  }

  private static void drain(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> unread,
      Map<TopicPartition, Long> ends,
      OpenParts parts)
      throws IOException {
    unread.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
    while (!unread.isEmpty()) {
      for (ConsumerRecord<byte[], byte[]> next : consumer.poll(POLL)) {
        long end = ends.getOrDefault(new TopicPartition(next.topic(), next.partition()), 0L);
        if (next.offset() < end) {
          parts.append(next);
        }
      }
      unread.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
    }
  }

  private static Map<String, Uuid> topicIds(String bootstrapServers) throws InterruptedException {
    List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    try (Admin admin = Admin.create(ClientAccess.ofProcess().kafka(bootstrapServers, Map.of()))) {
      Map<String, Uuid> ids = new TreeMap<>();
      admin
          .describeTopics(names)
          .allTopicNames()
          .get()
          .forEach((name, found) -> ids.put(name, found.topicId()));
      return ids;
    } catch (ExecutionException e) {
      throw new ArchiveException("Kafka does not answer: " + e.getMessage(), e);
    }
  }
}
