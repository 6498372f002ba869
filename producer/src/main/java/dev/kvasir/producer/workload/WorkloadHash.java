package dev.kvasir.producer.workload;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 over prompts and their output lengths in order. Each prompt is its messages as {@code
 * role US content RS}, then the output length as decimal digits or {@code -}, then {@code GS}, in
 * UTF-8, where US, RS and GS are the ASCII separators 1F, 1E and 1D.
 */
final class WorkloadHash {

  private WorkloadHash() {}

  static String of(List<Prompt> prompts) {
    MessageDigest digest = Seed.sha256();
    for (Prompt prompt : prompts) {
      for (Message message : prompt.messages()) {
        update(digest, message.role());
        digest.update((byte) 0x1F);
        update(digest, message.content());
        digest.update((byte) 0x1E);
      }
      Integer outputTokens = prompt.outputTokens();
      update(digest, outputTokens == null ? "-" : outputTokens.toString());
      digest.update((byte) 0x1D);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }
}
