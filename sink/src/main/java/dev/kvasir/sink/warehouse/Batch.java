package dev.kvasir.sink.warehouse;

import dev.kvasir.event.TokenReceived;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private int rows;

  void add(SpecificRecord event) {
    rows++;
    if (event instanceof TokenReceived token) {
      tokens.add(token);
      return;
    }
    events.computeIfAbsent(EventTables.of(event), _ -> new ArrayList<>()).add(event);
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
