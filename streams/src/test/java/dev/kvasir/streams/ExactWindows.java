package dev.kvasir.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.event.LatencySummary;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.metric.Attainment;
import dev.kvasir.metric.LatencySketch;
import dev.kvasir.metric.Percentile;
import dev.kvasir.metric.RequestMetrics;
import dev.kvasir.metric.TokenMetrics;
import dev.kvasir.topic.EventRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** Windows computed from all events of one run at once, without sketches. */
public final class ExactWindows {

  private static final long SECOND = 1_000_000_000L;

  private final List<SpecificRecord> events;

  public ExactWindows(List<SpecificRecord> events) {
    this.events = events;
  }

  /** Requires a window to be what its events say. */
  public void check(WindowMeasured window) {
    String where = window.getSeconds() + " s until " + window.getEndSecond();
    long end = window.getEndSecond() * SECOND;
    long from = window.getSeconds() == 0 ? 0 : end - window.getSeconds() * SECOND;
    var ended = measured(RequestFinished.class, from, end, this::phase);
    var chunks = measured(TokenReceived.class, from, end, TokenMetrics::measured);
    var sent = measured(RequestSent.class, from, end, e -> e.getPhase() == Phase.MEASURE);

    assertThat(window.getAt()).as(where).isEqualTo(end);
    assertThat(counts(window))
        .as("counts of " + where)
        .containsExactly(
            (long) chunks.size(),
            chunks.stream().mapToLong(c -> c.getTokens() == null ? 1 : c.getTokens()).sum(),
            (long) sent.size(),
            count(ended, e -> e.getOutcome() == Outcome.OK),
            count(ended, e -> e.getOutcome() != Outcome.OK),
            count(ended, e -> e.getOutcome() == Outcome.TIMEOUT),
            count(ended, e -> Attainment.of(e).both()),
            count(ended, e -> Attainment.of(e).ttft()),
            count(ended, e -> Attainment.of(e).tpot()),
            inFlight(end),
            waiting(end, sentEvent -> true),
            waiting(end, breachedBefore(end)));
    long judged = ended.size() + window.getBreached();
    assertThat(window.getAttainment())
        .as("attainment of " + where)
        .isEqualTo(judged == 0 ? null : (double) window.getAttained() / judged);
    check("ttft of " + where, window.getTtft(), chunks, TokenReceived::getSinceDueNanos);
    check("ttft_sent of " + where, window.getTtftSent(), chunks, TokenReceived::getSinceSentNanos);
    check("itl of " + where, window.getItl(), chunks, TokenMetrics::itlChunk);
    check("tpot of " + where, window.getTpot(), ended, RequestMetrics::tpot);
    check("e2e of " + where, window.getE2e(), ended, RequestMetrics::e2e);
  }

  private static List<Long> counts(WindowMeasured w) {
    return List.of(
        w.getChunks(),
        w.getTokens(),
        w.getSent(),
        w.getOk(),
        w.getFailed(),
        w.getTimeouts(),
        w.getAttained(),
        w.getAttainedTtft(),
        w.getAttainedTpot(),
        w.getInFlight(),
        w.getWaiting(),
        w.getBreached());
  }

  private boolean phase(RequestFinished e) {
    return e.getPhase() == Phase.MEASURE;
  }

  private <E extends SpecificRecord> List<E> measured(
      Class<E> type, long from, long end, Predicate<E> filter) {
    return of(type)
        .filter(e -> EventRecord.at(e) >= from && EventRecord.at(e) < end)
        .filter(filter)
        .toList();
  }

  private <E extends SpecificRecord> Stream<E> of(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast);
  }

  private static <E> long count(List<E> events, Predicate<E> filter) {
    return events.stream().filter(filter).count();
  }

  private long inFlight(long end) {
    return of(RequestSent.class).filter(e -> e.getAt() < end).count()
        - of(RequestFinished.class).filter(e -> e.getSentAt() != null && e.getAt() < end).count();
  }

  private static Predicate<RequestSent> breachedBefore(long end) {
    return sent ->
        sent.getPhase() == Phase.MEASURE
            && sent.getTtftSloNanos() != null
            && Math.max(sent.getAt(), sent.getDueAt() + sent.getTtftSloNanos()) < end;
  }

  private long waiting(long end, Predicate<RequestSent> filter) {
    Map<Integer, Long> answers = new HashMap<>();
    of(RequestFinished.class)
        .forEach(e ->
            answers.put(
                e.getOrdinal(), e.getFirstContentAt() == null ? e.getAt() : e.getFirstContentAt()));
    return of(RequestSent.class)
        .filter(e -> e.getAt() < end && answers.getOrDefault(e.getOrdinal(), end) >= end)
        .filter(filter)
        .count();
  }

  private static <E> void check(
      String what, LatencySummary summary, List<E> events, Function<E, ? extends Number> metric) {
    double[] exact =
        events.stream()
            .map(metric)
            .filter(Objects::nonNull)
            .mapToDouble(Number::doubleValue)
            .sorted()
            .toArray();
    if (exact.length == 0) {
      assertThat(summary).as(what).isNull();
      return;
    }
    assertThat(summary).as(what).isNotNull();
    assertThat(summary.getCount()).as(what).isEqualTo(exact.length);
    near(what + " p50", summary.getP50Nanos(), exact, 0.5);
    near(what + " p90", summary.getP90Nanos(), exact, 0.9);
    near(what + " p99", summary.getP99Nanos(), exact, 0.99);
    assertThat(summary.getMinNanos()).as(what).isEqualTo(exact[0]);
    assertThat(summary.getMaxNanos()).as(what).isEqualTo(exact[exact.length - 1]);
  }

  private static void near(String what, double found, double[] exact, double q) {
    double element = Percentile.element(exact, q).orElseThrow();
    double bound = element * LatencySketch.RELATIVE_ERROR * (1 + 1e-9) + 1e-6;
    assertThat(found).as(what).isCloseTo(element, within(bound));
  }
}
