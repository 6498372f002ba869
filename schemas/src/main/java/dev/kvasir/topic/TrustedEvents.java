package dev.kvasir.topic;

import org.apache.avro.util.ClassSecurityValidator;

/** Tells Avro once that the event classes may be read and written. */
final class TrustedEvents {

  private static final String PACKAGE = "dev.kvasir.event.";

  static {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.DEFAULT, type -> type.getName().startsWith(PACKAGE)));
  }

  private TrustedEvents() {}

  static void trust() {
    // The static initialiser has done it.
  }
}
