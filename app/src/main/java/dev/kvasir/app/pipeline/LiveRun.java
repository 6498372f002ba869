package dev.kvasir.app.pipeline;

import dev.kvasir.event.Phase;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.WindowMeasured;
import org.jspecify.annotations.Nullable;

/**
 * What the topics have said about a run so far.
 *
 * @param started its first event
 * @param phase the phase that it is in
 * @param recent its latest window of ten seconds; null before the first
 * @param whole its latest window over the whole run; null before the first
 * @param finished its last event; null while it goes on
 */
public record LiveRun(
    RunStarted started,
    Phase phase,
    @Nullable WindowMeasured recent,
    @Nullable WindowMeasured whole,
    @Nullable RunFinished finished) {

  static LiveRun begin(RunStarted started) {
    return new LiveRun(started, Phase.WARM_UP, null, null, null);
  }

  LiveRun enter(Phase next) {
    return new LiveRun(started, next, recent, whole, finished);
  }

  LiveRun measure(WindowMeasured window) {
    return switch (window.getSeconds()) {
      case 0 -> new LiveRun(started, phase, recent, later(whole, window), finished);
      case 10 -> new LiveRun(started, phase, later(recent, window), whole, finished);
      default -> this;
    };
  }

  LiveRun end(RunFinished end) {
    return new LiveRun(started, phase, recent, whole, end);
  }

  private static WindowMeasured later(@Nullable WindowMeasured known, WindowMeasured window) {
    return known == null || window.getEndSecond() >= known.getEndSecond() ? window : known;
  }
}
