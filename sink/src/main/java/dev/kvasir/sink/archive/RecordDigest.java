package dev.kvasir.sink.archive;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The SHA-256 of a series of records, each with its place, its time and its bytes. */
final class RecordDigest {

  private static final int ABSENT = -1;

  private final MessageDigest digest;
  private final ByteBuffer head =
      ByteBuffer.allocate(Integer.BYTES + Long.BYTES + Long.BYTES + Integer.BYTES);
  private long records;

  RecordDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  void add(ConsumerRecord<byte[], byte[]> next) {
    records++;
    byte[] key = next.key();
    byte[] value = next.value();
    head.clear()
        .putInt(next.partition())
        .putLong(next.offset())
        .putLong(next.timestamp())
        .putInt(key == null ? ABSENT : key.length);
    digest.update(head.array());
    if (key != null) {
      digest.update(key);
    }
    digest.update((byte) (value == null ? 0 : 1));
    if (value != null) {
      digest.update(value);
    }
  }

  long records() {
    return records;
  }

  /** The digest in hexadecimal digits; nothing can be added afterwards. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
