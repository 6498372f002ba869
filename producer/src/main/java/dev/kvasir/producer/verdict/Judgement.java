package dev.kvasir.producer.verdict;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.Thresholds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A verdict and its reasons.
 *
 * <p>The first rule that holds decides; the reasons of the others are kept beside it:
 *
 * <ol>
 *   <li>ABORTED: the run was stopped.
 *   <li>SERVER_FAILED: no request got an answer, because no connection could be made or each broke.
 *   <li>LOSSY: events were lost.
 *   <li>IMPLAUSIBLE: no request ended well.
 *   <li>CLIENT_LIMITED: one of the client's figures exceeds the plan's threshold. A figure that
 *       only single seconds exceed is a remark.
 *   <li>IMPLAUSIBLE: the median time per output token is below 0.2 ms; more than half of the
 *       answers came without a finish reason; more than half claim more output tokens than their
 *       chunks can have brought; or long prompts took no longer than short ones though none came
 *       from a cache ({@link PromptLengths}).
 *   <li>CONTAMINATED: a run that should be cold met its own prompts in a cache ({@link
 *       Contamination}).
 *   <li>OVERLOADED, of open loops with a finite rate and at least 20 requests: the queue grew (the
 *       median time to first token of the last quarter of the requests is over twice that of the
 *       first quarter) and was left at the end (the drain lasted over half the schedule and over 2
 *       s); or 1 % of the requests timed out.
 *   <li>VALID otherwise.
 * </ol>
 *
 * @param verdict verdict
 * @param reasons one sentence each
 */
public record Judgement(Verdict verdict, List<String> reasons) {

  private static final String STOPPED = "the run was stopped before its end";
  private static final double LEAST_TPOT_NANOS = 200_000;
  private static final int LEAST_FOR_OVERLOAD = 20;
  private static final double GROWN_QUEUE = 2;
  private static final Duration LEAST_DRAIN = Duration.ofSeconds(2);
  private static final double TIMEOUTS = 0.01;

  public Judgement {
    reasons = List.copyOf(reasons);
  }

  /** What a rule found. */
  private record Finding(Verdict verdict, String reason) {}

  /**
   * Judges a run.
   *
   * @param scheduleNanos length of the schedule of an open loop with a finite rate, else 0
   * @param eventsLost events that will never reach Kafka
   * @param cache how warm the server's caches may have been
   */
  public static Judgement of(
      RunRecord requests,
      ClientHealth health,
      Thresholds thresholds,
      long scheduleNanos,
      long eventsLost,
      boolean stopped,
      CacheEvidence cache) {
    List<Finding> findings = new ArrayList<>();
    if (stopped) {
      findings.add(new Finding(Verdict.ABORTED, STOPPED));
    }
    serverFailed(requests, findings);
    if (eventsLost > 0) {
      findings.add(new Finding(Verdict.LOSSY, eventsLost + " events were lost"));
    }
    if (!stopped) {
      failed(requests, findings);
    }
    ClientLimits limits = ClientLimits.of(health, thresholds);
    limits.limited().forEach(reason -> findings.add(new Finding(Verdict.CLIENT_LIMITED, reason)));
    if (!stopped) {
      implausible(cache, requests, findings);
      contaminated(cache, requests, findings);
    }
    overloaded(requests, scheduleNanos, findings);
    remark(cache, requests, findings);
    return new Judgement(
        findings.isEmpty() ? Verdict.VALID : findings.getFirst().verdict(),
        Stream.concat(findings.stream().map(Finding::reason), limits.remarks().stream()).toList());
  }

  /** The same, of a run that a rule ended early: it is overloaded unless something is worse. */
  public Judgement endedEarly(String reason) {
    return new Judgement(
        verdict == Verdict.VALID ? Verdict.OVERLOADED : verdict,
        Stream.concat(Stream.of(reason), reasons.stream()).toList());
  }

  /** The same with further remarks. */
  public Judgement remarking(List<String> remarks) {
    return new Judgement(verdict, Stream.concat(reasons.stream(), remarks.stream()).toList());
  }

  /**
   * The judgement of a run of which a part was not sent: aborted, unless a server failed.
   *
   * @param failures why not, one sentence each
   */
  public Judgement incomplete(List<String> failures) {
    return new Judgement(
        verdict == Verdict.SERVER_FAILED ? verdict : Verdict.ABORTED,
        Stream.concat(failures.stream(), reasons.stream()).toList());
  }

  /**
   * The judgement of a run whose servers did not start or died, which outweighs every other.
   *
   * @param failure what happened to them, one sentence each
   */
  public Judgement withFailedServer(List<String> failure) {
    List<String> all = new ArrayList<>(failure);
    reasons.stream().filter(reason -> !reason.equals(STOPPED)).forEach(all::add);
    return new Judgement(Verdict.SERVER_FAILED, all);
  }

  private static void serverFailed(RunRecord requests, List<Finding> findings) {
    long failed = requests.count(Outcome.CONNECTION_FAILED);
    if (failed > 0 && failed == requests.ended()) {
      findings.add(
          new Finding(
              Verdict.SERVER_FAILED,
              "none of " + failed + " requests was answered" + why(requests)));
    }
  }

  private static void failed(RunRecord requests, List<Finding> findings) {
    if (requests.ended() > 0 && requests.count(Outcome.OK) == 0) {
      findings.add(
          new Finding(
              Verdict.IMPLAUSIBLE,
              "none of " + requests.ended() + " requests ended well" + why(requests)));
    }
  }

  /** What the first request failed with; empty when it said nothing. */
  private static String why(RunRecord requests) {
    String error = requests.firstError();
    return error == null ? "" : "; the first failed with: " + error;
  }

  private static void contaminated(
      CacheEvidence cache, RunRecord requests, List<Finding> findings) {
    Contamination.of(cache, requests)
        .filter(Contamination.Finding::certain)
        .ifPresent(found -> findings.add(new Finding(Verdict.CONTAMINATED, found.reason())));
  }

  /** What is worth telling and changes no verdict. */
  private static void remark(CacheEvidence cache, RunRecord requests, List<Finding> findings) {
    Contamination.of(cache, requests)
        .filter(found -> !found.certain())
        .ifPresent(found -> findings.add(new Finding(Verdict.VALID, found.reason())));
    if (requests.refused() > 0 && requests.count(Outcome.OK) > 0) {
      findings.add(
          new Finding(
              Verdict.VALID,
              requests.refused() + " of " + requests.ended() + " requests failed" + why(requests)));
    }
  }

  private static void implausible(CacheEvidence cache, RunRecord requests, List<Finding> findings) {
    long ok = requests.count(Outcome.OK);
    OptionalDouble tpot = requests.medianTpotNanos();
    if (tpot.isPresent() && tpot.getAsDouble() < LEAST_TPOT_NANOS) {
      findings.add(
          new Finding(
              Verdict.IMPLAUSIBLE,
              "the median time per output token is "
                  + millis(tpot.getAsDouble())
                  + "; no language model is faster than "
                  + millis(LEAST_TPOT_NANOS)));
    }
    if (ok > 0 && requests.withoutFinishReason() * 2L > ok) {
      findings.add(
          new Finding(
              Verdict.IMPLAUSIBLE,
              requests.withoutFinishReason() + " of " + ok + " answers have no finish reason"));
    }
    if (requests.unsupportedClaims() * 2 > requests.claims()) {
      findings.add(
          new Finding(
              Verdict.IMPLAUSIBLE,
              "%d of %d answers claim more tokens than their chunks can have brought: more than one"
                      .formatted(requests.unsupportedClaims(), requests.claims())
                  + " in a single chunk, or over 100 in each"));
    }
    requests
        .lengths()
        .doNotMatter(cache)
        .ifPresent(reason -> findings.add(new Finding(Verdict.IMPLAUSIBLE, reason)));
  }

  private static void overloaded(RunRecord requests, long scheduleNanos, List<Finding> findings) {
    if (scheduleNanos <= 0 || requests.ended() < LEAST_FOR_OVERLOAD) {
      return;
    }
    long timeouts = requests.count(Outcome.TIMEOUT);
    if (timeouts > 0 && timeouts >= TIMEOUTS * requests.ended()) {
      findings.add(
          new Finding(
              Verdict.OVERLOADED, timeouts + " of " + requests.ended() + " requests timed out"));
    }
    long drain = requests.drainNanos();
    OptionalDouble early = requests.earlyTtftNanos();
    OptionalDouble late = requests.lateTtftNanos();
    if (early.isPresent()
        && late.isPresent()
        && late.getAsDouble() > GROWN_QUEUE * early.getAsDouble()
        && drain > Math.max(scheduleNanos / 2, LEAST_DRAIN.toNanos())) {
      findings.add(
          new Finding(
              Verdict.OVERLOADED,
              "the median time to first token grew from %s to %s, and the drain lasted %s"
                  .formatted(
                      millis(early.getAsDouble()),
                      millis(late.getAsDouble()),
                      millis((double) drain))));
    }
  }

  private static String millis(double nanos) {
    return ClientLimits.millis(nanos);
  }
}
