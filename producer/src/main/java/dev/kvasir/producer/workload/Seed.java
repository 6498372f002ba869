package dev.kvasir.producer.workload;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Seeds that are the same in every process: the first 64 bits of a SHA-256. */
final class Seed {

  private Seed() {}

  /** The seed of the {@code index}-th thing of a kind. */
  static long of(long seed, String kind, long index) {
    byte[] text = (seed + "\n" + kind + "\n" + index).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(sha256().digest(text)).getLong();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
