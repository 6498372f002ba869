package dev.kvasir.app.page;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.topic.EventRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * The page's state as a fold over events. It reads no clock and does no I/O; one thread owns it.
 * What it keeps is bounded: the newest runs, and of the most recently measured of them the last
 * windows of each length.
 */
final class RunBoard {

  /**
   * How much a board keeps.
   *
   * @param runs runs that are listed
   * @param runsWithHistory runs whose recent windows are kept
   * @param pointsPerSeries windows kept of each length of such a run
   */
  record Capacity(int runs, int runsWithHistory, int pointsPerSeries) {

    /** A list of a thousand runs and, of 32, fifteen minutes. */
    static final Capacity DEFAULT = new Capacity(1000, 32, 900);
  }

  private final Capacity capacity;
  private final TreeMap<Long, RunCard> cards = new TreeMap<>();

  /** Runs with history, the least recently measured first. */
  private final LinkedHashSet<Long> measuredRecently = new LinkedHashSet<>();

  private final SequencedSet<Long> changed = new LinkedHashSet<>();

  RunBoard(Capacity capacity) {
    this.capacity = capacity;
  }

  /** Takes one event in; those that the page does not show change nothing. */
  void accept(SpecificRecord event) {
    long run = EventRecord.run(event);
    if (cards.size() >= capacity.runs && run < cards.firstKey()) {
      return;
    }
    RunCard card =
        cards.computeIfAbsent(run, number -> new RunCard(number, capacity.pointsPerSeries));
    switch (event) {
      case RunStarted e -> card.started(e);
      case PhaseStarted e -> card.entered(e);
      case RunFinished e -> card.finished(e);
      case RunRetracted e -> card.retracted(e);
      case WindowMeasured e -> measured(card, e);
      case AlertRaised e -> card.raised(e);
      case AlertCleared e -> card.cleared(e);
      default -> {
        return;
      }
    }
    changed.add(run);
    forgetOldRuns();
  }

  /** Forgets everything. */
  void clear() {
    cards.clear();
    measuredRecently.clear();
    changed.clear();
  }

  /** Every run whose start is known, by number. */
  List<RunCard> runs() {
    return cards.values().stream().filter(card -> card.identity() != null).toList();
  }

  Optional<RunCard> run(long number) {
    return Optional.ofNullable(cards.get(number)).filter(card -> card.identity() != null);
  }

  /** The runs that changed since the last call and whose start is known. */
  List<RunCard> takeChanged() {
    List<RunCard> taken = new ArrayList<>();
    for (long number : changed) {
      run(number).ifPresent(taken::add);
    }
    changed.clear();
    return taken;
  }

  private void measured(RunCard card, WindowMeasured event) {
    card.measured(event);
    if (!card.hasHistory()) {
      return;
    }
    measuredRecently.addLast(card.number());
    if (measuredRecently.size() > capacity.runsWithHistory) {
      RunCard least = cards.get(measuredRecently.removeFirst());
      if (least != null) {
        least.forgetHistory();
      }
    }
  }

  private void forgetOldRuns() {
    while (cards.size() > capacity.runs) {
      long oldest = cards.pollFirstEntry().getKey();
      measuredRecently.remove(oldest);
      changed.remove(oldest);
    }
  }
}
