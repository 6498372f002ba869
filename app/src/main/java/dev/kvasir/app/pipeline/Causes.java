package dev.kvasir.app.pipeline;

import java.util.ArrayList;
import java.util.List;

/** Why something failed, in words. */
public final class Causes {

  private Causes() {}

  /** The messages of a failure and its causes, each once. */
  public static String paragraph(Throwable failure) {
    List<String> parts = new ArrayList<>();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String message = message(each);
      if (parts.stream().noneMatch(part -> part.contains(message))) {
        parts.add(message);
      }
    }
    return String.join(": ", parts);
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
