package dev.kvasir.sink.archive;

import dev.kvasir.topic.EventKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The files that one topic's records are being written to, one for each run at a time; a file that
 * is full, or whose run was not seen for long, is sealed. One thread's.
 */
final class OpenParts implements AutoCloseable {

  private static final int MOST_OPEN = 64;

  /** So many records of a part are held in memory when it is read. */
  private static final int FULL = 200_000;

  private record Open(String path, @Nullable Long run, RecordFile file) {}

  private final Path folder;
  private final int pass;
  private final String topic;
  private final String topicId;
  private final Map<Long, Open> open = new LinkedHashMap<>(MOST_OPEN, 0.75f, true);
  private final List<ArchivedPart> sealed = new ArrayList<>();
  private int parts;

  OpenParts(Path folder, int pass, String topic, String topicId) {
    this.folder = folder;
    this.pass = pass;
    this.topic = topic;
    this.topicId = topicId;
  }

  void append(ConsumerRecord<byte[], byte[]> next) throws IOException {
    Long run = runOf(next);
    long slot = run == null ? Long.MIN_VALUE : run;
    Open part = open.get(slot);
    if (part == null) {
      if (open.size() == MOST_OPEN) {
        seal(open.keySet().iterator().next());
      }
      part = create(run);
      open.put(slot, part);
    }
    part.file().append(next);
    if (part.file().records() == FULL) {
      seal(slot);
    }
  }

  private static @Nullable Long runOf(ConsumerRecord<byte[], byte[]> next) {
    byte[] key = next.key();
    return key == null || key.length < Long.BYTES ? null : EventKey.run(key);
  }

  private Open create(@Nullable Long run) throws IOException {
    String path =
        "%s/%s-%06d-%04d.avro".formatted(run == null ? "no-run" : run, topic, pass, ++parts);
    return new Open(path, run, RecordFile.create(folder.resolve(path), topic, topicId));
  }

  private void seal(long slot) throws IOException {
    Open part = open.remove(slot);
    if (part != null) {
      sealed.add(part.file().seal(part.path(), topic, topicId, part.run()));
    }
  }

  /** Seals what is open and gives every part, in the order in which they were begun. */
  List<ArchivedPart> seal() throws IOException {
    for (long slot : List.copyOf(open.keySet())) {
      seal(slot);
    }
    sealed.sort(java.util.Comparator.comparing(part -> part.path().replaceFirst(".*-", "")));
    return List.copyOf(sealed);
  }

  @Override
  public void close() throws IOException {
    for (Open part : open.values()) {
      part.file().close();
    }
  }
}
