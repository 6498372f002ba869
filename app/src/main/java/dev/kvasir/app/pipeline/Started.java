package dev.kvasir.app.pipeline;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Something that another thread starts, and whatever came of it: nobody waits for the dead. */
final class Started {

  private Started() {}

  /** Has a thread start something; every failure of it, an {@link Error} too, is the result. */
  static <T extends @Nullable Object> CompletableFuture<T> by(
      Executor threads, Callable<T> starting) {
    CompletableFuture<T> started = new CompletableFuture<>();
    threads.execute(() -> {
      try {
        started.complete(starting.call());
      } catch (Throwable e) {
        started.completeExceptionally(e);
      }
    });
    return started;
  }

  /**
   * Waits for what was started.
   *
   * @throws IllegalStateException if it failed by something that is no {@link RuntimeException}
   */
  static <T extends @Nullable Object> T get(CompletableFuture<T> started) {
    try {
      return started.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(
              cause instanceof Error ? cause.toString() : String.valueOf(cause.getMessage()),
              cause);
    }
  }
}
