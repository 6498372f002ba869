package dev.kvasir.producer.plan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Seeds derived from seeds: the first 64 bits of a SHA-256. */
final class Seeds {

  private Seeds() {}

  /** The seed of a run: the same for every strategy, different for every repeat. */
  static long run(long planSeed, String loadPoint, int repeat) {
    return hash(planSeed + "\n" + loadPoint + "\n" + repeat);
  }

  /** The seed of one of the independent streams of draws in a run. */
  static long stream(long runSeed, String name) {
    return hash(runSeed + "\n" + name);
  }

  private static long hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
