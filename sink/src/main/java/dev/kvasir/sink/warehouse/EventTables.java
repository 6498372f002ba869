package dev.kvasir.sink.warehouse;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestReported;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.ResultReported;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunImported;
import dev.kvasir.event.RunLabelled;
import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.RunScored;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.ShardFinished;
import dev.kvasir.event.ShardOffered;
import dev.kvasir.event.ShardTaken;
import dev.kvasir.event.WindowMeasured;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** Which event lies in which table; tokens, which are packed, have {@link TokenTable}. */
final class EventTables {

  private static final Map<Class<?>, EventTable> TABLES =
      Map.ofEntries(
          entry("run_started", RunStarted.class, RunStarted.getClassSchema()),
          entry("phase_started", PhaseStarted.class, PhaseStarted.getClassSchema()),
          entry("run_finished", RunFinished.class, RunFinished.getClassSchema()),
          entry("run_labelled", RunLabelled.class, RunLabelled.getClassSchema()),
          entry("run_scored", RunScored.class, RunScored.getClassSchema()),
          entry("run_imported", RunImported.class, RunImported.getClassSchema()),
          entry("result_reported", ResultReported.class, ResultReported.getClassSchema()),
          entry("run_retracted", RunRetracted.class, RunRetracted.getClassSchema()),
          entry("request_sent", RequestSent.class, RequestSent.getClassSchema()),
          entry("request_finished", RequestFinished.class, RequestFinished.getClassSchema()),
          entry("request_reported", RequestReported.class, RequestReported.getClassSchema()),
          entry("sample", Sampled.class, Sampled.getClassSchema()),
          entry("window_revision", WindowMeasured.class, WindowMeasured.getClassSchema()),
          entry("alert_raised", AlertRaised.class, AlertRaised.getClassSchema()),
          entry("alert_cleared", AlertCleared.class, AlertCleared.getClassSchema()),
          entry("shard_offered", ShardOffered.class, ShardOffered.getClassSchema()),
          entry("shard_taken", ShardTaken.class, ShardTaken.getClassSchema()),
          entry("shard_finished", ShardFinished.class, ShardFinished.getClassSchema()));

  private EventTables() {}

  private static Map.Entry<Class<?>, EventTable> entry(
      String table, Class<?> event, org.apache.avro.Schema schema) {
    return Map.entry(event, new EventTable(table, schema));
  }

  /** The table of an event other than a token. */
  static EventTable of(SpecificRecord event) {
    EventTable table = TABLES.get(event.getClass());
    if (table == null) {
      throw new IllegalArgumentException(event.getClass().getName() + " has no table");
    }
    return table;
  }

  /** Every table but the tokens'. */
  static Iterable<EventTable> all() {
    return TABLES.values();
  }
}
