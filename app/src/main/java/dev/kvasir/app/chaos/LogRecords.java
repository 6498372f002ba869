package dev.kvasir.app.chaos;

import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.app.pipeline.LogEnd;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.metric.TokenMetrics;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** Everything that a log holds, added up. Not thread-safe. */
final class LogRecords {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<RequestKey, RequestRecords> requests = new LinkedHashMap<>();
  private final Map<Long, RunRecords> runs = new LinkedHashMap<>();
  private final Map<RequestKey, List<Long>> others = new LinkedHashMap<>();
  private final List<String> kinds = new ArrayList<>();
  private long events;

  private LogRecords() {}

  /** Reads every topic to its present end. */
  static LogRecords read(LogAddress log) {
    LogRecords records = new LogRecords();
    each(log, EnumSet.allOf(Topic.class), records::add);
    return records;
  }

  /** Adds up events. */
  static LogRecords of(Iterable<SpecificRecord> events) {
    LogRecords records = new LogRecords();
    events.forEach(records::add);
    return records;
  }

  /** Whether the last whole-run window of every run counts as many chunks as the log holds. */
  static boolean windowsAreComplete(LogAddress log) {
    Map<Long, Long> received = new HashMap<>();
    Map<Long, Long> counted = new HashMap<>();
    each(
        log,
        EnumSet.of(Topic.TOKENS, Topic.WINDOWS),
        event -> {
          if (event instanceof TokenReceived token && TokenMetrics.measured(token)) {
            received.merge(token.getRun(), 1L, Long::sum);
          }
          if (event instanceof WindowMeasured window && window.getSeconds() == 0) {
            counted.merge(window.getRun(), window.getChunks(), Math::max);
          }
        });
    return received.entrySet().stream()
        .allMatch(run -> run.getValue().equals(counted.get(run.getKey())));
  }

  private static void each(LogAddress log, Set<Topic> topics, Consumer<SpecificRecord> reader) {
    LogEnd end = LogEnd.of(log, topics);
    try (var consumer = LogEnd.consumer(log, "kvasir-inquest");
        EventDeserializer decoder = new EventDeserializer(log.schemas())) {
      consumer.assign(end.offsets().keySet());
      consumer.seekToBeginning(end.offsets().keySet());
      while (end.offsets().entrySet().stream()
          .anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
        consumer
            .poll(POLL)
            .forEach(record -> reader.accept(decoder.deserialize(record.topic(), record.value())));
      }
    }
  }

  private void add(SpecificRecord event) {
    events++;
    switch (event) {
      case RequestSent sent -> request(sent.getRun(), sent.getOrdinal()).add(sent);
      case RequestFinished end -> request(end.getRun(), end.getOrdinal()).add(end);
      case TokenReceived token -> request(token.getRun(), token.getOrdinal()).add(token);
      case RunStarted started -> {
        run(started.getRun()).add(started);
        other(event);
      }
      case RunFinished finished -> {
        run(finished.getRun()).add(finished);
        other(event);
      }
      default -> other(event);
    }
  }

  private RequestRecords request(long run, int ordinal) {
    return requests.computeIfAbsent(new RequestKey(run, ordinal), _ -> new RequestRecords());
  }

  private RunRecords run(long number) {
    return runs.computeIfAbsent(number, RunRecords::new);
  }

  private void other(SpecificRecord event) {
    others.merge(
        new RequestKey(EventRecord.run(event), kindOf(event.getClass().getSimpleName())),
        List.of(1L, EventRecord.at(event) % RequestRecords.PRIME),
        (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
  }

  /** A number for a kind of event, the same for the same name. */
  int kindOf(String name) {
    int known = kinds.indexOf(name);
    if (known >= 0) {
      return known;
    }
    kinds.add(name);
    return kinds.size() - 1;
  }

  Map<RequestKey, RequestRecords> requests() {
    return requests;
  }

  Map<Long, RunRecords> runs() {
    return runs;
  }

  /** Count and sum of times of each run's other events, by kind. */
  Map<RequestKey, List<Long>> others() {
    return others;
  }

  long events() {
    return events;
  }
}
