package dev.kvasir.sink.imports;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestReported;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.ResultReported;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunImported;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.metric.TokenMetrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** The events of one imported run. */
final class RunEvents {

  /** Lease epoch of what no generator sent. */
  private static final int IMPORTED = -1;

  private final RunStarted started;
  private final RunDraft draft;
  private final Stamp stamp;
  private final long run;

  RunEvents(ImportedRun imported, Stamp stamp) {
    this.started = imported.started();
    this.draft = imported.draft();
    this.stamp = stamp;
    this.run = imported.number();
  }

  /** What it was, its requests, its figures, its end, and last of all where it comes from. */
  Stream<SpecificRecord> all() {
    return Stream.of(
            Stream.<SpecificRecord>of(
                RunStarted.newBuilder(started)
                    .setVersion(stamp.version())
                    .setCommit(stamp.commit())
                    .setHost(stamp.host())
                    .build()),
            draft.requests.stream().map(this::request).flatMap(Collection::stream),
            draft.figures.stream().map(this::reported),
            Stream.<SpecificRecord>of(finished(), imported()))
        .flatMap(each -> each);
  }

  private List<SpecificRecord> request(ImportedRequest request) {
    List<SpecificRecord> events = new ArrayList<>();
    long sent = started.getStartAt() + request.startNanos();
    long due = sent - nanos(request.queue());
    if (request.session() != null) {
      events.add(sent(request, sent, due));
    }
    int chunks = addTokens(events, request, sent, due);
    events.add(finished(request, sent, due, chunks));
    events.add(
        new RequestReported(
            run,
            request.ordinal(),
            sent + nanos(request.toEnd()),
            request.ttft(),
            request.latency(),
            request.queue(),
            request.tpot(),
            boxed(request.itls())));
    return events;
  }

  private RequestSent sent(ImportedRequest request, long sent, long due) {
    return RequestSent.newBuilder()
        .setRun(run)
        .setOrdinal(request.ordinal())
        .setAt(sent)
        .setDueAt(due)
        .setPhase(request.phase())
        .setPass(request.pass())
        .setSession(request.session())
        .setTurn(request.turn())
        .setEpoch(IMPORTED)
        .build();
  }

  /** A chunk for the first token and one after each gap; how many were added. */
  private int addTokens(List<SpecificRecord> events, ImportedRequest request, long sent, long due) {
    Double ttft = request.ttft();
    if (ttft == null) {
      return 0;
    }
    double[] gaps = request.itls();
    Integer output = request.outputTokens();
    Integer tokens = output != null && output == gaps.length + 1 ? (Integer) 1 : null;
    int flags = TokenMetrics.importedFlags(request.phase());
    double elapsed = ttft;
    long at = sent + nanos(elapsed);
    events.add(
        new TokenReceived(
            run, request.ordinal(), 0, at, tokens, null, at - due, at - sent, 0, flags));
    for (int place = 0; place < gaps.length; place++) {
      elapsed += gaps[place];
      long next = sent + nanos(elapsed);
      events.add(
          new TokenReceived(
              run,
              request.ordinal(),
              place + 1,
              next,
              tokens,
              next - at,
              null,
              null,
              place + 1,
              flags));
      at = next;
    }
    return gaps.length + 1;
  }

  private RequestFinished finished(ImportedRequest request, long sent, long due, int chunks) {
    Double first = request.ttft();
    Double last = request.toLastContent();
    Long firstAt = first == null ? null : (Long) (sent + nanos(first));
    return RequestFinished.newBuilder()
        .setRun(run)
        .setOrdinal(request.ordinal())
        .setAt(sent + nanos(request.toEnd()))
        .setOutcome(request.outcome())
        .setStatus(request.status())
        .setError(request.error())
        .setDueAt(due)
        .setSentAt(sent)
        .setFirstChunkAt(firstAt)
        .setFirstContentAt(firstAt)
        .setLastContentAt(last == null ? null : (Long) (sent + nanos(last)))
        .setInputTokens(request.inputTokens())
        .setOutputTokens(request.outputTokens())
        .setCachedTokens(request.cachedTokens())
        .setChunks(chunks)
        .setOutputHash(request.outputHash())
        .setPhase(request.phase())
        .setPass(request.pass())
        .setTimeoutNanos(started.getTimeoutNanos())
        .setEpoch(IMPORTED)
        .build();
  }

  private SpecificRecord reported(Figure figure) {
    return new ResultReported(
        run, endAt(), figure.metric(), figure.value(), figure.unit(), figure.definition());
  }

  private RunFinished finished() {
    Map<String, Long> outcomes = new TreeMap<>();
    measured().forEach(each -> outcomes.merge(each.outcome().name(), 1L, Long::sum));
    long requests = draft.requests.size();
    return RunFinished.newBuilder()
        .setRun(run)
        .setAt(endAt())
        .setVerdict(draft.verdict == null ? Verdict.VALID : draft.verdict)
        .setReasons(draft.reasons)
        .setOutcomes(outcomes)
        .setRequestsSent(requests)
        .setRequestsFinished(requests)
        .setTokensReceived(
            draft.requests.stream()
                .filter(each -> each.ttft() != null)
                .mapToLong(each -> each.itls().length + 1L)
                .sum())
        .setFirstSentAt(
            measured()
                .min(Comparator.comparingLong(ImportedRequest::startNanos))
                .map(each -> started.getStartAt() + each.startNanos())
                .orElse(null))
        .setLastEndAt(lastEndAt())
        .build();
  }

  private Stream<ImportedRequest> measured() {
    return draft.requests.stream().filter(each -> each.ordinal() >= 0);
  }

  private @Nullable Long lastEndAt() {
    return measured()
        .map(each -> started.getStartAt() + each.startNanos() + nanos(each.toEnd()))
        .max(Long::compare)
        .orElse(null);
  }

  private long endAt() {
    Long last = lastEndAt();
    Double duration = draft.durationSeconds;
    long end = last == null ? started.getStartAt() : last;
    return duration == null ? end : Math.max(end, started.getStartAt() + nanos(duration));
  }

  private RunImported imported() {
    return RunImported.newBuilder()
        .setRun(run)
        .setAt(stamp.at())
        .setFormat(draft.format)
        .setFile(draft.file)
        .setHash(draft.hash)
        .setPosition(draft.position)
        .setMetadata(draft.metadata)
        .build();
  }

  private static long nanos(@Nullable Double seconds) {
    return seconds == null ? 0 : Math.round(seconds * 1e9);
  }

  private static List<Double> boxed(double[] values) {
    List<Double> list = new ArrayList<>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return list;
  }
}
