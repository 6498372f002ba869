package dev.kvasir.app.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the disk of a home, on a thread of its own, while this process executes a plan. Once
 * the disk is full the run under way is stopped. Thread-safe.
 */
public final class DiskPatrol implements AutoCloseable {

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final DiskGuard guard;
  private final Consumer<String> told;
  private final Consumer<List<String>> stop;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("disk-patrol").daemon().factory());
  private boolean stopped;

  /**
   * @param told hears what changes, as a sentence
   * @param stop ends what goes on, for these reasons
   */
  public DiskPatrol(DiskGuard guard, Consumer<String> told, Consumer<List<String>> stop) {
    this.guard = guard;
    this.told = told;
    this.stop = stop;
  }

  /** Looks once, before anything is begun; null if there is room, else what is wrong. */
  public synchronized @Nullable String refusal() {
    String change = guard.look();
    if (change != null && !guard.isFull()) {
      told.accept(change);
    }
    return guard.isFull() ? change : null;
  }

  /** Begins to look. */
  public void begin() {
    var _ =
        thread.scheduleAtFixedRate(
            this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized void look() {
    String change = guard.look();
    if (change != null) {
      told.accept(change);
    }
    if (guard.isFull() && !stopped) {
      stopped = true;
      stop.accept(List.of(guard.reason()));
    }
  }

  /** Takes in which run goes on. */
  public synchronized void hear(GeneratorNews news) {
    guard.hear(news);
  }

  /** Whether the disk was full once. */
  public synchronized boolean wasFull() {
    return guard.isFull();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
