package dev.kvasir.app.pipeline;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.Phase;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.WindowMeasured;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
 * @param alerts rules that are raised now, in the order in which they were raised
 * @param everRaised rules that were ever raised
 */
public record LiveRun(
    RunStarted started,
    Phase phase,
    @Nullable Long measuredFrom,
    @Nullable WindowMeasured recent,
    @Nullable WindowMeasured whole,
    @Nullable RunFinished finished,
    List<AlertRaised> alerts,
    Set<String> everRaised) {

  public LiveRun {
    alerts = List.copyOf(alerts);
    everRaised = Set.copyOf(everRaised);
  }

  static LiveRun begin(RunStarted started) {
    return new LiveRun(started, Phase.WARM_UP, null, null, null, null, List.of(), Set.of());
  }

  LiveRun enter(PhaseStarted next) {
    boolean measures = next.getPhase() == Phase.MEASURE && measuredFrom == null;
    return new LiveRun(
        started,
        next.getPhase(),
        measures ? Long.valueOf(next.getAt()) : measuredFrom,
        recent,
        whole,
        finished,
        alerts,
        everRaised);
  }

  LiveRun measure(WindowMeasured window) {
    return switch (window.getSeconds()) {
      case 0 -> with(recent, later(whole, window), finished, alerts, everRaised);
      case 10 -> with(later(recent, window), whole, finished, alerts, everRaised);
      default -> this;
    };
  }

  LiveRun end(RunFinished end) {
    return with(recent, whole, end, alerts, everRaised);
  }

  LiveRun raise(AlertRaised alert) {
    List<AlertRaised> raised = new ArrayList<>(alerts);
    raised.removeIf(each -> each.getRule().equals(alert.getRule()));
    raised.add(alert);
    Set<String> ever = new HashSet<>(everRaised);
    ever.add(alert.getRule());
    return with(recent, whole, finished, raised, ever);
  }

  LiveRun clear(AlertCleared alert) {
    List<AlertRaised> raised =
        alerts.stream().filter(each -> !each.getRule().equals(alert.getRule())).toList();
    return with(recent, whole, finished, raised, everRaised);
  }

  private LiveRun with(
      @Nullable WindowMeasured newRecent,
      @Nullable WindowMeasured newWhole,
      @Nullable RunFinished end,
      List<AlertRaised> raised,
      Set<String> ever) {
    return new LiveRun(started, phase, measuredFrom, newRecent, newWhole, end, raised, ever);
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
