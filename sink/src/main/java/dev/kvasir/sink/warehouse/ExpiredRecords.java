package dev.kvasir.sink.warehouse;

import dev.kvasir.sink.archive.ArchivedPart;
import dev.kvasir.sink.archive.LogArchive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;

/**
 * Records that have left the log before they were loaded and that an archive holds. Each of its
 * files is loaded in one transaction with a line in {@code offsets} under the file's own id, so
 * that a loader that is killed goes on with the next.
 */
final class ExpiredRecords {

  /**
   * Offsets of one partition that the log no longer holds.
   *
   * @param from the first offset that is missing
   * @param to the offset at which the log begins
   */
  record Gap(LogPartition partition, long from, long to) {}

  /**
   * A file of an archive to be loaded.
   *
   * @param source what stands for it in {@code offsets}
   * @param part the file
   */
  record Source(LogPartition source, ArchivedPart part) {}

  private final LogArchive archive;
  private final Map<Uuid, Map<Integer, Gap>> gaps = new HashMap<>();
  private final List<Source> sources = new ArrayList<>();

  /**
   * @param gaps what is missing
   * @param loaded offsets that the warehouse has stored
   */
  ExpiredRecords(LogArchive archive, List<Gap> gaps, Map<LogPartition, Long> loaded) {
    this.archive = archive;
    Set<Uuid> topics = new LinkedHashSet<>();
    for (Gap gap : gaps) {
      Uuid topic = gap.partition().topicId();
      topics.add(topic);
      this.gaps.computeIfAbsent(topic, _ -> new HashMap<>()).put(gap.partition().partition(), gap);
    }
    for (Uuid topic : topics) {
      archive.parts(topic).stream()
          .map(part -> new Source(new LogPartition(part.id(), "archive/" + part.path(), 0), part))
          .filter(source -> !loaded.containsKey(source.source()))
          .forEach(sources::add);
    }
  }

  /** Nothing is missing. */
  static ExpiredRecords none(LogArchive archive) {
    return new ExpiredRecords(archive, List.of(), Map.of());
  }

  /** The files that hold them, in the order in which they are loaded. */
  List<Source> sources() {
    return List.copyOf(sources);
  }

  /** Those records of a file that are missing. */
  List<ConsumerRecord<byte[], byte[]>> missing(Source source) {
    Map<Integer, Gap> missing = gaps.get(Uuid.fromString(source.part().topicId()));
    if (missing == null) {
      return List.of();
    }
    return archive.read(source.part()).stream()
        .filter(next -> {
          Gap gap = missing.get(next.partition());
          return gap != null && next.offset() >= gap.from() && next.offset() < gap.to();
        })
        .toList();
  }

  /** Where a partition's records lay. */
  LogPartition partition(Source source, int partition) {
    return new LogPartition(
        Uuid.fromString(source.part().topicId()), source.part().topic(), partition);
  }
}
