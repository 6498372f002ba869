package dev.kvasir.producer.publish;

import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
      int end = from.position() + length;
      Topic topic = TOPICS.get(from.get());
      EventKind kind = KINDS.get(from.get());
      long run = from.getLong();
      long timestamp = from.getLong();
      byte[] key = new byte[from.getInt()];
      from.get(key);
      byte[] value = new byte[end - from.position()];
      from.get(value);
      ready.add(new EncodedEvent(topic, kind, run, timestamp, key, value));
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
