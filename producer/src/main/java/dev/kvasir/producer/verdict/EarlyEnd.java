package dev.kvasir.producer.verdict;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.producer.plan.StopRules;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Watches a run's requests for a reason to end it early. One thread uses it.
 *
 * <p>Requests fail too often when more than the allowed share of the last 100 measured ones (of
 * all, from the 20th on) did not end well.
 *
 * <p>The server is over-saturated when, over the last 30 s and at least 50 requests, both the
 * requests in flight and the time to first token since due rise, each with a least-squares slope
 * that is above 0 at 99.9 % confidence, and the median time to first token is above the limit that
 * users should feel and above 1 s.
 */
public final class EarlyEnd {

  private static final int LAST = 100;
  private static final int LEAST_FOR_ERRORS = 20;
  private static final int LEAST_FOR_TREND = 50;
  private static final long SPAN_NANOS = 30_000_000_000L;
  private static final long CHECK_NANOS = 1_000_000_000L;
  private static final double LEAST_TTFT_SECONDS = 1;

  private final StopRules rules;
  private final double ttftSeconds;
  private final ArrayDeque<Boolean> failed = new ArrayDeque<>();
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private int failures;
  private int inFlight;
  private long firstAt = Long.MIN_VALUE;
  private long checkedAt = Long.MIN_VALUE;

  /** An answered request: when it ended, what it waited, and what was in flight then. */
  private record Answer(long at, double ttftSeconds, int inFlight) {}

  /**
   * @param ttftSloNanos limit of the time to first token; null for none
   */
  public EarlyEnd(StopRules rules, @Nullable Long ttftSloNanos) {
    this.rules = rules;
    this.ttftSeconds = Math.max(LEAST_TTFT_SECONDS, ttftSloNanos == null ? 0 : ttftSloNanos / 1e9);
  }

  /** Takes an event of the run; why it should end now, if it should. */
  public Optional<String> add(SpecificRecord event) {
    return switch (event) {
      case RequestSent sent when sent.getPhase() == Phase.MEASURE -> {
        inFlight++;
        yield Optional.empty();
      }
      case RequestFinished end when end.getPhase() == Phase.MEASURE -> ended(end);
      default -> Optional.empty();
    };
  }

  private Optional<String> ended(RequestFinished end) {
    inFlight -= end.getSentAt() == null ? 0 : 1;
    return errors(end.getOutcome() != Outcome.OK).or(() -> saturation(end));
  }

  private Optional<String> errors(boolean hasFailed) {
    if (rules.errorRate() == null) {
      return Optional.empty();
    }
    failed.add(hasFailed);
    failures += hasFailed ? 1 : 0;
    if (failed.size() > LAST && failed.remove()) {
      failures--;
    }
    boolean tooMany =
        failed.size() >= LEAST_FOR_ERRORS && failures > rules.errorRate() * failed.size();
    return tooMany
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "ended early: %d of the last %d requests failed, over the limit of %s %%",
                failures,
                failed.size(),
                number(rules.errorRate() * 100)))
        : Optional.empty();
  }

  private Optional<String> saturation(RequestFinished end) {
    Long content = end.getFirstContentAt();
    if (!rules.overSaturation() || content == null) {
      return Optional.empty();
    }
    long at = end.getAt();
    firstAt = firstAt == Long.MIN_VALUE ? at : firstAt;
    answers.add(new Answer(at, (content - end.getDueAt()) / 1e9, inFlight));
    while (answers.getFirst().at() < at - SPAN_NANOS) {
      answers.remove();
    }
    if (at - firstAt < SPAN_NANOS
        || answers.size() < LEAST_FOR_TREND
        || (checkedAt != Long.MIN_VALUE && at - checkedAt < CHECK_NANOS)) {
      return Optional.empty();
    }
    checkedAt = at;
    return trend();
  }

  private Optional<String> trend() {
    double[] seconds = answers.stream().mapToDouble(answer -> answer.at() / 1e9).toArray();
    double[] ttft = answers.stream().mapToDouble(Answer::ttftSeconds).toArray();
    double[] flight = answers.stream().mapToDouble(Answer::inFlight).toArray();
    double median =
        answers.stream().mapToDouble(Answer::ttftSeconds).sorted().toArray()[ttft.length / 2];
    if (median <= ttftSeconds || !Trend.rises(seconds, ttft) || !Trend.rises(seconds, flight)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "ended early: the server is over-saturated; over the last 30 s the time to first token"
                + " rose by %s s and the requests in flight by %s each second",
            number(Trend.slope(seconds, ttft)),
            number(Trend.slope(seconds, flight))));
  }

  /** Why a run that has taken so long should end. */
  public static String tooLong(StopRules rules) {
    return "ended early: the measured part took longer than the limit of "
        + (rules.duration() == null ? "" : rules.duration().toMillis() / 1e3 + " s");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
