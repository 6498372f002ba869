package dev.kvasir.app.pipeline;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Secrets by which the processes of one home know each other. */
final class Token {

  private static final int BYTES = 24;

  private Token() {}

  /** A new one, which nobody can guess. */
  static String draw() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
