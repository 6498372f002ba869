package dev.kvasir.sink.warehouse;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestReported;
import dev.kvasir.event.ResultReported;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunImported;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.TokenReceived;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * Rows of one stretch of the log and the offsets behind it. Owned by the thread that fills it, and
 * after its hand-over by the one that writes it.
 */
final class Batch {

  private final List<TokenReceived> tokens = new ArrayList<>();
  private final Map<EventTable, List<SpecificRecord>> events = new LinkedHashMap<>();
  private final List<Quarantined> quarantined = new ArrayList<>();
  private final Map<LogPartition, Long> nextOffsets = new HashMap<>();
  private final Set<Long> measuredRuns = new HashSet<>();
  private final Set<Long> endedRuns = new HashSet<>();
  private int rows;
  private long lastRun;

  void add(SpecificRecord event) {
    rows++;
    if (event instanceof TokenReceived token) {
      tokens.add(token);
      measured(token.getRun());
      return;
    }
    switch (event) {
      case RequestFinished finished -> measured(finished.getRun());
      case RequestReported reported -> measured(reported.getRun());
      case ResultReported reported -> measured(reported.getRun());
      case RunImported imported -> measured(imported.getRun());
      case Sampled sample -> measured(sample.getRun());
      case RunFinished end -> endedRuns.add(end.getRun());
      default -> {}
    }
    events.computeIfAbsent(EventTables.of(event), _ -> new ArrayList<>()).add(event);
  }

  private void measured(long run) {
    if (run != lastRun || measuredRuns.isEmpty()) {
      measuredRuns.add(run);
      lastRun = run;
    }
  }

  void add(Quarantined entry) {
    rows++;
    quarantined.add(entry);
  }

  void readUpTo(LogPartition partition, long nextOffset) {
    nextOffsets.put(partition, nextOffset);
  }

  /** Appends the batch that follows this one. */
  void add(Batch next) {
    rows += next.rows;
    tokens.addAll(next.tokens);
    next.events.forEach(
        (table, more) -> events.computeIfAbsent(table, _ -> new ArrayList<>()).addAll(more));
    quarantined.addAll(next.quarantined);
    nextOffsets.putAll(next.nextOffsets);
    measuredRuns.addAll(next.measuredRuns);
    endedRuns.addAll(next.endedRuns);
  }

  /** Runs with a request, token or sample in the batch. */
  Set<Long> measuredRuns() {
    return measuredRuns;
  }

  /** Runs that end in the batch. */
  Set<Long> endedRuns() {
    return endedRuns;
  }

  int rows() {
    return rows;
  }

  boolean isEmpty() {
    return rows == 0 && nextOffsets.isEmpty();
  }

  List<TokenReceived> tokens() {
    return tokens;
  }

  Map<EventTable, List<SpecificRecord>> events() {
    return events;
  }

  List<Quarantined> quarantined() {
    return quarantined;
  }

  Map<LogPartition, Long> nextOffsets() {
    return nextOffsets;
  }
}
