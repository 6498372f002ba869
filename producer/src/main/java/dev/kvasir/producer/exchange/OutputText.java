package dev.kvasir.producer.exchange;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** The output of a request as a hash, and as text where it is recorded. */
final class OutputText {

  private final MessageDigest digest = sha256();
  private final @Nullable StringBuilder text;

  OutputText(boolean recorded) {
    this.text = recorded ? new StringBuilder() : null;
  }

  void add(String piece) {
    digest.update(piece.getBytes(StandardCharsets.UTF_8));
    if (text != null) {
      text.append(piece);
    }
  }

  /** First 64 bits of the SHA-256 of all pieces, big-endian; resets the hash. */
  long hash() {
    return ByteBuffer.wrap(digest.digest()).getLong();
  }

  @Nullable String text() {
    return text == null ? null : text.toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
