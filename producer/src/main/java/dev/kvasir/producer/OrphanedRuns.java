package dev.kvasir.producer;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunImported;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.verdict.RunRecord;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Finds the runs in a log that began and never ended, and what came of them. */
final class OrphanedRuns implements AutoCloseable {

  private final LogReader log;

  OrphanedRuns(String bootstrapServers, Registry registry) {
    this.log = new LogReader(bootstrapServers, registry);
  }

  /**
   * What ends a run whose generator died.
   *
   * @param requests the ends of the requests that were open
   * @param run the end of the run
   */
  record End(List<RequestFinished> requests, RunFinished run) {}

  /** What the log holds of one run. */
  private static final class Remains {

    private final RunStarted started;
    private final RunRecord requests = new RunRecord();
    private final Map<Integer, OpenRequest> open = new TreeMap<>();
    private long sent;
    private long finished;
    private long tokens;

    Remains(RunStarted started) {
      this.started = started;
    }

    void add(SpecificRecord event) {
      if (event instanceof RequestSent request) {
        sent++;
        open.put(request.getOrdinal(), new OpenRequest(request));
      }
    }

    void end(SpecificRecord event) {
      if (event instanceof RequestFinished end) {
        finished++;
        open.remove(end.getOrdinal());
        requests.add(end);
      }
    }

    void add(TokenReceived token) {
      tokens++;
      OpenRequest request = open.get(token.getOrdinal());
      if (request != null) {
        request.add(token);
      }
    }

    End end(long at) {
      List<RequestFinished> ends = open.values().stream().map(each -> each.end(started)).toList();
      long endedBefore = requests.ended();
      ends.forEach(requests::add);
      return new End(ends, runEnd(at, endedBefore));
    }

    private RunFinished runEnd(long at, long endedBefore) {
      Map<String, Long> outcomes = new TreeMap<>();
      requests.outcomes().forEach((outcome, count) -> outcomes.put(outcome.name(), count));
      Long planned = started.getPlannedRequests();
      return RunFinished.newBuilder()
          .setRun(started.getRun())
          .setAt(at)
          .setVerdict(Verdict.ABORTED)
          .setReasons(
              List.of(
                  "its generator died; %d of %s planned requests had ended"
                      .formatted(endedBefore, planned == null ? "unknown" : planned)))
          .setOutcomes(outcomes)
          .setRequestsSent(sent)
          .setRequestsFinished(finished + open.size())
          .setTokensReceived(tokens)
          .setFirstSentAt(requests.firstSentAt())
          .setLastEndAt(requests.lastEndAt())
          .build();
    }
  }

  /** A request without an end, and what came of its answer. */
  private static final class OpenRequest {

    private final RequestSent sent;
    private @Nullable Long firstContentAt;
    private @Nullable Long lastContentAt;
    private int chunks;

    OpenRequest(RequestSent sent) {
      this.sent = sent;
    }

    void add(TokenReceived token) {
      chunks++;
      firstContentAt =
          firstContentAt == null ? token.getAt() : Math.min(firstContentAt, token.getAt());
      lastContentAt =
          lastContentAt == null ? token.getAt() : Math.max(lastContentAt, token.getAt());
    }

    /** Its end, at the last moment that is known of it. */
    RequestFinished end(RunStarted run) {
      return RequestFinished.newBuilder()
          .setRun(sent.getRun())
          .setOrdinal(sent.getOrdinal())
          .setAt(lastContentAt == null ? sent.getAt() : lastContentAt)
          .setOutcome(Outcome.ABORTED)
          .setError("the generator died before the request ended")
          .setDueAt(sent.getDueAt())
          .setSentAt(sent.getAt())
          .setFirstChunkAt(firstContentAt)
          .setFirstContentAt(firstContentAt)
          .setLastContentAt(lastContentAt)
          .setChunks(chunks)
          .setPhase(sent.getPhase())
          .setPass(sent.getPass())
          .setTtftSloNanos(run.getSlo().getTtftNanos())
          .setTpotSloNanos(run.getSlo().getTpotNanos())
          .setTimeoutNanos(run.getTimeoutNanos())
          .setEpoch(sent.getEpoch())
          .build();
    }
  }

  /** What ends each such run, to be published. */
  List<End> ends(long at) {
    Map<Long, RunStarted> open = open();
    if (open.isEmpty()) {
      return List.of();
    }
    long since = open.values().stream().mapToLong(RunStarted::getAt).min().orElseThrow();
    Map<Long, Remains> remains = new LinkedHashMap<>();
    open.forEach((run, started) -> remains.put(run, new Remains(started)));
    log.read(Topic.REQUESTS, since, of(remains, Remains::add));
    log.read(Topic.REQUESTS, since, of(remains, Remains::end));
    log.read(
        Topic.TOKENS,
        since,
        of(
            remains,
            (run, event) -> {
              if (event instanceof TokenReceived token) {
                run.add(token);
              }
            }));
    return remains.values().stream().map(run -> run.end(at)).toList();
  }

  /** Gives each event to the remains of its run. */
  private Consumer<ConsumerRecord<byte[], byte[]>> of(
      Map<Long, Remains> remains, BiConsumer<Remains, SpecificRecord> reader) {
    return kafka -> {
      Remains run = remains.get(EventKey.run(kafka.key()));
      SpecificRecord event = run == null ? null : log.decode(kafka);
      if (run != null && event != null) {
        reader.accept(run, event);
      }
    };
  }

  private Map<Long, RunStarted> open() {
    Map<Long, RunStarted> open = new LinkedHashMap<>();
    log.read(
        Topic.RUNS,
        0,
        kafka -> {
          switch (log.decode(kafka)) {
            case RunStarted started -> open.put(started.getRun(), started);
            case RunFinished finished -> open.remove(finished.getRun());
            case RunImported imported -> open.remove(imported.getRun());
            case null, default -> {}
          }
        });
    return open;
  }

  @Override
  public void close() {
    log.close();
  }
}
