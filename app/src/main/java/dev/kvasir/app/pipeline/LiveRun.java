package dev.kvasir.app.pipeline;

import dev.kvasir.event.Phase;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.WindowMeasured;
import org.jspecify.annotations.Nullable;

/**
 * What the topics have said about a run so far.
 *
 * @param started its first event
 * @param phase the phase that it is in
 * @param measuredFrom epoch nanoseconds at which its measured phase began; null before
 * @param recent its latest window of ten seconds; null before the first
 * @param whole its latest window over the whole run; null before the first
 * @param finished its last event; null while it goes on
 */
public record LiveRun(
    RunStarted started,
    Phase phase,
    @Nullable Long measuredFrom,
    @Nullable WindowMeasured recent,
    @Nullable WindowMeasured whole,
    @Nullable RunFinished finished) {

  static LiveRun begin(RunStarted started) {
    return new LiveRun(started, Phase.WARM_UP, null, null, null, null);
  }

  LiveRun enter(PhaseStarted next) {
    boolean measures = next.getPhase() == Phase.MEASURE && measuredFrom == null;
    return new LiveRun(
        started,
        next.getPhase(),
        measures ? Long.valueOf(next.getAt()) : measuredFrom,
        recent,
        whole,
        finished);
  }

  LiveRun measure(WindowMeasured window) {
    return switch (window.getSeconds()) {
      case 0 -> new LiveRun(started, phase, measuredFrom, recent, later(whole, window), finished);
      case 10 -> new LiveRun(started, phase, measuredFrom, later(recent, window), whole, finished);
      default -> this;
    };
  }

  LiveRun end(RunFinished end) {
    return new LiveRun(started, phase, measuredFrom, recent, whole, end);
  }

  /**
   * Output tokens per second in the latest window of ten seconds, or in as much of it as the
   * measured phase has lasted; null before the first window.
   */
  public @Nullable Double tokensPerSecond() {
    if (recent == null || measuredFrom == null) {
      return null;
    }
    double lasted = recent.getEndSecond() - measuredFrom / 1e9;
    return recent.getTokens() / Math.clamp(lasted, 1, recent.getSeconds());
  }

  private static WindowMeasured later(@Nullable WindowMeasured known, WindowMeasured window) {
    return known == null || window.getEndSecond() >= known.getEndSecond() ? window : known;
  }
}
