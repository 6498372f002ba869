package dev.kvasir.app.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or SIGTERM, as a request to come to an orderly end: the Java process waits for {@link
 * #ended()} before it goes, with the signal's exit status.
 */
public final class StopSignal {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  private StopSignal() {}

  /** Listens for signals from now on. */
  public static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::stop, "stop-signal"));
    return signal;
  }

  private void stop() {
    if (ended.getCount() == 0) {
      return;
    }
    requested.countDown();
    listeners.forEach(Runnable::run);
    try {
      if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs something, on a thread of its own, when a stop is requested. */
  public void onRequest(Runnable listener) {
    listeners.add(listener);
  }

  /** Whether a stop was requested. */
  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits until a stop is requested. */
  public void await() throws InterruptedException {
    requested.await();
  }

  /** Waits until a stop is requested, or a time has passed. */
  public void await(Duration limit) throws InterruptedException {
    var _ = requested.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Says that everything is put away, and the process may go. */
  public void ended() {
    ended.countDown();
  }
}
