package dev.kvasir.producer;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.verdict.RunRecord;
import dev.kvasir.topic.EventRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds of one run whose generator died, and what ends it. Ends of requests are added
 * before what was sent, and that before tokens. Not thread-safe.
 */
final class OrphanedRun {

  private final RunStarted started;
  private final long tokensSince;
  private final RunRecord requests = new RunRecord();
  private final Map<Integer, OpenRequest> open = new TreeMap<>();

  private final Ordinals ended = new Ordinals();

  /** Those that ended and whose tokens may have left the log since. */
  private final Ordinals archived = new Ordinals();

  private int highest = -1;
  private int lowest;
  private long lastAt;
  private long sent;
  private long finished;
  private long tokens;
  private long tokensOfEnded;
  private long chunksOfEnded;

  /**
   * @param tokensSince from when on the log holds every token that reached it, epoch nanoseconds;
   *     those of requests that were sent before count as their ends say
   */
  OrphanedRun(RunStarted started, long tokensSince) {
    this.started = started;
    this.tokensSince = tokensSince;
    this.lastAt = started.getAt();
  }

  void addSent(SpecificRecord event) {
    if (event instanceof RequestSent request) {
      sent++;
      seen(request.getOrdinal(), event);
      if (!ended.contains(request.getOrdinal())) {
        open.put(request.getOrdinal(), new OpenRequest(request, request.getOrdinal()));
      }
    }
  }

  void addEnd(SpecificRecord event) {
    if (event instanceof RequestFinished end) {
      finished++;
      seen(end.getOrdinal(), event);
      ended.add(end.getOrdinal());
      Long sentAt = end.getSentAt();
      if (sentAt != null && sentAt < tokensSince) {
        archived.add(end.getOrdinal());
        tokens += end.getChunks();
      } else {
        chunksOfEnded += end.getChunks();
      }
      requests.add(end);
    }
  }

  void addToken(SpecificRecord event) {
    if (!(event instanceof TokenReceived token)) {
      return;
    }
    seen(token.getOrdinal(), event);
    if (archived.contains(token.getOrdinal())) {
      return;
    }
    tokens++;
    if (ended.contains(token.getOrdinal())) {
      tokensOfEnded++;
    } else {
      open.computeIfAbsent(token.getOrdinal(), ordinal -> new OpenRequest(null, ordinal))
          .add(token);
    }
  }

  private void seen(int ordinal, SpecificRecord event) {
    highest = Math.max(highest, ordinal);
    lowest = Math.min(lowest, ordinal);
    lastAt = Math.max(lastAt, EventRecord.at(event));
  }

  /** The requests that have no end, warm-up first, as they are ended now; made as they are read. */
  Stream<RequestFinished> ends() {
    int warmUp = Math.max(-lowest, Math.toIntExact(started.getWarmUpRequests()));
    Long planned = started.getPlannedRequests();
    int measured = Math.max(highest + 1, planned == null ? 0 : Math.toIntExact(planned));
    return IntStream.concat(
            IntStream.rangeClosed(1, warmUp).map(n -> -n), IntStream.range(0, measured))
        .filter(ordinal -> !ended.contains(ordinal))
        .mapToObj(ordinal ->
            open.getOrDefault(ordinal, new OpenRequest(null, ordinal)).end(started, lastAt));
  }

  /** The end of the run. */
  RunFinished end(long at) {
    long endedBefore = requests.ended();
    long unknown = ends().filter(each -> each.getSentAt() == null).count();
    ends().forEach(requests::add);
    Map<String, Long> outcomes = new TreeMap<>();
    requests.outcomes().forEach((outcome, count) -> outcomes.put(outcome.name(), count));
    return RunFinished.newBuilder()
        .setRun(started.getRun())
        .setAt(at)
        .setVerdict(Verdict.ABORTED)
        .setReasons(reasons(endedBefore, unknown))
        .setOutcomes(outcomes)
        .setRequestsSent(sent)
        .setRequestsFinished(finished + ends().count())
        .setTokensReceived(tokens)
        .setFirstSentAt(requests.firstSentAt())
        .setLastEndAt(requests.lastEndAt())
        .build();
  }

  private List<String> reasons(long endedBefore, long unknown) {
    Long planned = started.getPlannedRequests();
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "its generator died; %d of %s planned requests had ended"
            .formatted(endedBefore, planned == null ? "unknown" : planned));
    if (unknown > 0) {
      reasons.add("of %d requests it is not known whether they were sent".formatted(unknown));
    }
    if (chunksOfEnded > tokensOfEnded) {
      reasons.add(
          "%d tokens of requests that had ended never reached the log"
              .formatted(chunksOfEnded - tokensOfEnded));
    }
    return reasons;
  }

  /** Ordinals of requests, those of warm-up requests below 0; a bit each. */
  private static final class Ordinals {

    private final BitSet measured = new BitSet();
    private final BitSet warmUp = new BitSet();

    void add(int ordinal) {
      of(ordinal).set(Math.abs(ordinal));
    }

    boolean contains(int ordinal) {
      return of(ordinal).get(Math.abs(ordinal));
    }

    private BitSet of(int ordinal) {
      return ordinal < 0 ? warmUp : measured;
    }
  }

  /** A request without an end, and what came of its answer. */
  private static final class OpenRequest {

    private final @Nullable RequestSent sent;
    private final int ordinal;
    private @Nullable Long firstContentAt;
    private @Nullable Long lastContentAt;
    private int chunks;

    /**
     * @param sent null for one of which the log holds tokens at most
     */
    OpenRequest(@Nullable RequestSent sent, int ordinal) {
      this.sent = sent;
      this.ordinal = ordinal;
    }

    void add(TokenReceived token) {
      chunks++;
      firstContentAt =
          firstContentAt == null ? token.getAt() : Math.min(firstContentAt, token.getAt());
      lastContentAt =
          lastContentAt == null ? token.getAt() : Math.max(lastContentAt, token.getAt());
    }

    /**
     * Its end, at the last moment that is known of it.
     *
     * @param lastAt when the run was last heard of, which stands for a time that is not known
     */
    RequestFinished end(RunStarted run, long lastAt) {
      long due = sent == null ? lastAt : sent.getDueAt();
      long at = lastContentAt != null ? lastContentAt : sent == null ? lastAt : sent.getAt();
      return RequestFinished.newBuilder()
          .setRun(run.getRun())
          .setOrdinal(ordinal)
          .setAt(at)
          .setOutcome(Outcome.ABORTED)
          .setError(
              sent == null
                  ? "the generator died before it could tell what became of the request"
                  : "the generator died before the request ended")
          .setDueAt(due)
          .setSentAt(sent == null ? null : sent.getAt())
          .setFirstChunkAt(firstContentAt)
          .setFirstContentAt(firstContentAt)
          .setLastContentAt(lastContentAt)
          .setChunks(chunks)
          .setPhase(ordinal < 0 ? Phase.WARM_UP : Phase.MEASURE)
          .setPass(sent == null ? pass(run) : sent.getPass())
          .setTtftSloNanos(run.getSlo().getTtftNanos())
          .setTpotSloNanos(run.getSlo().getTpotNanos())
          .setTimeoutNanos(run.getTimeoutNanos())
          .setEpoch(sent == null ? 0 : sent.getEpoch())
          .build();
    }

    private int pass(RunStarted run) {
      Long planned = run.getPlannedRequests();
      if (ordinal < 0 || planned == null || planned < run.getPasses()) {
        return 1;
      }
      return Math.toIntExact(Math.min(run.getPasses(), 1 + ordinal / (planned / run.getPasses())));
    }
  }
}
