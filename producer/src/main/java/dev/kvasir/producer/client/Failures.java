package dev.kvasir.producer.client;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.http.HttpClosedException;
import java.net.ConnectException;
import java.net.UnknownHostException;

/** What went wrong with a connection, in words. */
final class Failures {

  private Failures() {}

  /** Whether the failure is that what came is no HTTP, or more than the client takes. */
  static boolean isMalformed(Throwable failure) {
    return failure instanceof DecoderException
        || failure instanceof TooLongFrameException
        || failure instanceof IllegalArgumentException
        || failure instanceof NumberFormatException;
  }

  static String text(Throwable failure) {
    Throwable root = root(failure);
    String message = root.getMessage();
    String detail = message == null ? root.getClass().getSimpleName() : message;
    return switch (root) {
      case HttpClosedException closed -> "the connection was closed";
      case UnknownHostException unknown -> "unknown host " + detail;
      case ConnectException refused -> detail;
      default -> detail;
    };
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && !(root instanceof HttpClosedException)) {
      root = root.getCause();
    }
    return root;
  }
}
