package dev.kvasir.app.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Closes what was opened, the last one first, and goes on when one fails. Thread-safe: what is
 * added after closing is closed at once.
 */
final class Closer implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  synchronized <T extends AutoCloseable> T add(T resource) {
    if (closed) {
      RuntimeException failure = close(resource, null);
      if (failure != null) {
        throw failure;
      }
      return resource;
    }
    open.push(resource);
    return resource;
  }

  @Override
  public synchronized void close() {
    closed = true;
    RuntimeException failure = null;
    while (!open.isEmpty()) {
      failure = close(open.pop(), failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable RuntimeException close(
      AutoCloseable resource, @Nullable RuntimeException earlier) {
    try {
      resource.close();
      return earlier;
    } catch (Exception e) {
      RuntimeException failure =
          earlier == null
              ? new IllegalStateException(resource.getClass().getSimpleName() + " did not close", e)
              : earlier;
      if (earlier != null) {
        earlier.addSuppressed(e);
      }
      return failure;
    }
  }
}
