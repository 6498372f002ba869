package dev.kvasir.app.page;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.Phase;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Verdict;
import dev.kvasir.event.WindowMeasured;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that the page knows of one run; owned by the thread of its {@link RunBoard}. */
final class RunCard {

  private static final int ALERTS = 100;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long number;
  private final int pointsPerSeries;
  private final Map<Integer, WindowPoint> latest = new TreeMap<>();
  private final Map<Integer, WindowSeries> history = new TreeMap<>();
  private final Map<WindowKey, WindowPoint> changed = new LinkedHashMap<>();
  private final List<RaisedAlert> alerts = new ArrayList<>();
  private @Nullable RunIdentity identity;
  private @Nullable Phase phase;
  private int pass;
  private @Nullable Long measuredFrom;
  private @Nullable RunFinished finished;
  private @Nullable String retraction;

  private record WindowKey(int seconds, long end) {}

  RunCard(long number, int pointsPerSeries) {
    this.number = number;
    this.pointsPerSeries = pointsPerSeries;
  }

  void started(RunStarted event) {
    identity = RunIdentity.of(event);
  }

  void entered(PhaseStarted event) {
    phase = event.getPhase();
    pass = event.getPass();
    if (event.getPhase() == Phase.MEASURE && measuredFrom == null) {
      measuredFrom = event.getAt();
    }
  }

  void finished(RunFinished event) {
    finished = event;
    long endSecond = secondAfter(event.getAt());
    history.values().forEach(series -> series.removeBeginningAtOrAfter(endSecond));
  }

  void retracted(RunRetracted event) {
    retraction = event.getReason();
  }

  void measured(WindowMeasured event) {
    WindowPoint point = WindowPoint.of(event);
    WindowPoint before = latest.get(point.seconds());
    boolean afterTheEnd = finished != null && point.beginsAtOrAfter(secondAfter(finished.getAt()));
    if (afterTheEnd && point.seconds() != 0) {
      return;
    }
    if (before == null || before.end() <= point.end()) {
      latest.put(point.seconds(), point);
    }
    changed.put(new WindowKey(point.seconds(), point.end()), point);
    if (!afterTheEnd) {
      history
          .computeIfAbsent(point.seconds(), seconds -> new WindowSeries(pointsPerSeries))
          .put(point);
    }
  }

  void raised(AlertRaised event) {
    boolean known =
        alerts.stream()
            .anyMatch(
                alert -> alert.rule().equals(event.getRule()) && alert.raisedAt() == event.getAt());
    if (known) {
      return;
    }
    alerts.add(
        new RaisedAlert(
            event.getRule(),
            event.getMetric(),
            event.getAt(),
            event.getValue(),
            event.getThreshold(),
            null));
    if (alerts.size() > ALERTS) {
      alerts.removeFirst();
    }
  }

  void cleared(AlertCleared event) {
    alerts.replaceAll(alert ->
        alert.clearedAt() == null && alert.rule().equals(event.getRule())
            ? alert.clearedAt(event.getAt())
            : alert);
  }

  long number() {
    return number;
  }

  /** Null until the run's start has been read. */
  @Nullable RunIdentity identity() {
    return identity;
  }

  /** Null before the first phase. */
  @Nullable Phase phase() {
    return phase;
  }

  /** The pass that the phase belongs to, from 1; 0 before the first phase. */
  int pass() {
    return pass;
  }

  @Nullable RunFinished finished() {
    return finished;
  }

  /** Null while the run is going on. */
  @Nullable Verdict verdict() {
    if (retraction != null) {
      return Verdict.RETRACTED;
    }
    return finished == null ? null : finished.getVerdict();
  }

  @Nullable String retraction() {
    return retraction;
  }

  List<RaisedAlert> alerts() {
    return alerts;
  }

  /** The last window of each length, by length in seconds. */
  Map<Integer, WindowPoint> latest() {
    return latest;
  }

  /** The recent windows of a length, in order of time. */
  Collection<WindowPoint> history(int seconds) {
    WindowSeries series = history.get(seconds);
    return series == null ? List.of() : series.points();
  }

  boolean hasHistory() {
    return !history.isEmpty();
  }

  void forgetHistory() {
    history.clear();
    changed.clear();
  }

  /** The windows that came or changed since the last call. */
  List<WindowPoint> takeChanged() {
    List<WindowPoint> taken = List.copyOf(changed.values());
    changed.clear();
    return taken;
  }

  /**
   * Output tokens per second in one of the run's windows; null when it lies outside the
   * measurement.
   */
  @Nullable Double tokensPerSecond(WindowPoint point) {
    return point.tokensPerSecond(measuredFrom(), measuredUntil());
  }

  private long measuredFrom() {
    if (measuredFrom != null) {
      return measuredFrom;
    }
    return identity == null ? Long.MAX_VALUE : identity.startAt();
  }

  private long measuredUntil() {
    Long lastEnd = finished == null ? null : finished.getLastEndAt();
    return lastEnd == null ? Long.MAX_VALUE : lastEnd;
  }

  private static long secondAfter(long epochNanos) {
    return Math.floorDiv(epochNanos, NANOS_PER_SECOND) + 1;
  }
}
