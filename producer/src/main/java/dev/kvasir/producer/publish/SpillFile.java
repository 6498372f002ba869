package dev.kvasir.producer.publish;

import dev.kvasir.topic.Topic;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue of events in a file, for when memory is full: first in, first out. A record is its length
 * and then topic, kind, run, timestamp, key and value. A failed write loses no record but the one
 * that was to be appended. Owned by the publisher's thread.
 */
final class SpillFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 256 << 10;
  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final int HEADER_BYTES = 2 + 2 * Long.BYTES + Integer.BYTES;
  private static final List<Topic> TOPICS = List.of(Topic.values());
  private static final List<EventKind> KINDS = List.of(EventKind.values());

  private final FileChannel file;

  /** Read from the file, or never written to it, and not polled yet. */
  private final ArrayDeque<EncodedEvent> ready = new ArrayDeque<>();

  private ByteBuffer pending = ByteBuffer.allocate(BUFFER_BYTES);
  private long writtenTo;
  private long readTo;

  SpillFile(FileChannel file) {
    this.file = file;
  }

  /** Adds an event at the end; false if neither the buffer nor the disk has room for it. */
  boolean append(EncodedEvent event) {
    int bytes = LENGTH_BYTES + HEADER_BYTES + event.key().length + event.value().length;
    if (pending.remaining() < bytes && !write()) {
      return false;
    }
    if (pending.capacity() < bytes) {
      pending = ByteBuffer.allocate(bytes);
    }
    pending
        .putInt(bytes - LENGTH_BYTES)
        .put((byte) TOPICS.indexOf(event.topic()))
        .put((byte) KINDS.indexOf(event.kind()))
        .putLong(event.run())
        .putLong(event.timestampMillis())
        .putInt(event.key().length)
        .put(event.key())
        .put(event.value());
    return true;
  }

  /** Writes what was appended, so that {@link #read} finds it however this process ends. */
  void force() throws IOException {
    if (!write()) {
      throw new IOException("no room for " + pending.position() + " bytes");
    }
    file.force(true);
  }

  /** The first event, which stays; null when there is none. */
  @Nullable EncodedEvent peek() throws IOException {
    if (ready.isEmpty()) {
      fill();
    }
    return ready.peek();
  }

  /** Takes the first event away. */
  void remove() {
    ready.remove();
  }

  boolean isEmpty() {
    return ready.isEmpty() && readTo == writtenTo && pending.position() == 0;
  }

  /** Bytes in the file that have not been read back. */
  long bytes() {
    return writtenTo - readTo;
  }

  private boolean write() {
    pending.flip();
    try {
      long at = writtenTo;
      while (pending.hasRemaining()) {
        at += file.write(pending, at);
      }
      writtenTo = at;
      pending.clear();
      return true;
    } catch (IOException e) {
      pending.position(pending.limit()).limit(pending.capacity());
      return false;
    }
  }

  private void fill() throws IOException {
    if (readTo < writtenTo) {
      ByteBuffer read = ByteBuffer.allocate((int) Math.min(chunkBytes(), writtenTo - readTo));
      readFully(read, readTo);
      decode(read.flip());
      readTo += read.position();
    } else if (pending.position() > 0) {
      decode(pending.flip());
      pending.clear();
    }
    if (readTo == writtenTo && writtenTo > 0) {
      file.truncate(0);
      readTo = 0;
      writtenTo = 0;
    }
  }

  private int chunkBytes() throws IOException {
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES);
    readFully(length, readTo);
    return Math.max(BUFFER_BYTES, LENGTH_BYTES + length.flip().getInt());
  }

  private void readFully(ByteBuffer into, long from) throws IOException {
    long at = from;
    while (into.hasRemaining()) {
      int read = file.read(into, at);
      if (read < 0) {
        throw new IOException("the spill file ends at " + at + "; expected " + writtenTo);
      }
      at += read;
    }
  }

  /** Decodes whole records; a record that is cut stays in the buffer. */
  private void decode(ByteBuffer from) {
    while (from.remaining() >= LENGTH_BYTES
        && from.remaining() >= LENGTH_BYTES + from.getInt(from.position())) {
      int length = from.getInt();
      ready.add(event(from.slice(from.position(), length)));
      from.position(from.position() + length);
    }
  }

  private static EncodedEvent event(ByteBuffer record) {
    Topic topic = TOPICS.get(record.get());
    EventKind kind = KINDS.get(record.get());
    long run = record.getLong();
    long timestamp = record.getLong();
    byte[] key = new byte[record.getInt()];
    record.get(key);
    byte[] value = new byte[record.remaining()];
    record.get(value);
    return new EncodedEvent(topic, kind, run, timestamp, key, value);
  }

  /**
   * Reads the next event of a file that was kept; null at its end, or where its last record was cut
   * short when its writer died.
   */
  static @Nullable EncodedEvent read(DataInputStream kept) throws IOException {
    try {
      byte[] record = new byte[kept.readInt()];
      kept.readFully(record);
      return event(ByteBuffer.wrap(record));
    } catch (EOFException end) {
      return null;
    }
  }

  /**
   * Writes everything that has not been taken away to the disk, to be read by {@link #read}.
   *
   * @param also events that are to be kept too
   * @return how many events found no room
   */
  int keep(Path path, Iterable<EncodedEvent> also) throws IOException {
    int lost = 0;
    try (SpillFile kept =
        new SpillFile(
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
      for (EncodedEvent event : also) {
        lost += kept.append(event) ? 0 : 1;
      }
      for (EncodedEvent event = peek(); event != null; event = peek()) {
        lost += kept.append(event) ? 0 : 1;
        remove();
      }
      kept.force();
    }
    return lost;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
