package dev.kvasir.sink.imports;

import dev.kvasir.event.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether numbers can be those of a language model. */
final class Plausibility {

  /** No model that is served today makes a token in less. */
  private static final double LEAST_TPOT_MS = 0.2;

  /**
   * A sweep over prompt lengths says something when the longest is this many times the shortest.
   */
  private static final double WIDE = 10;

  /** Ten times the prompt takes at least this many times as long. */
  private static final double LEAST_GROWTH = 1.5;

  private Plausibility() {}

  /** Flags a run whose requests or figures cannot be true. */
  static void judge(RunDraft draft) {
    if (!draft.requests.isEmpty() && answersHaveNoTokens(draft)) {
      flag(draft, "no token event supports the output lengths that the file states");
    }
    Double median = medianTpotMs(draft);
    if (median != null && median < LEAST_TPOT_MS) {
      flag(
          draft,
          String.format(
              Locale.ROOT,
              "the median time per output token is %.4f ms; below %.1f ms it is no model's",
              median,
              LEAST_TPOT_MS));
    }
  }

  /** Flags every run of a file in which the first token takes as long whatever the prompt. */
  static void judgeSweep(List<RunDraft> drafts) {
    List<RunDraft> sweep =
        drafts.stream()
            .filter(each -> length(each) > 0 && each.figure("avg_ttft_ms") != null)
            .sorted(Comparator.comparingDouble(Plausibility::length))
            .toList();
    if (sweep.size() < 2 || length(sweep.getLast()) < WIDE * length(sweep.getFirst())) {
      return;
    }
    Double shortest = sweep.getFirst().figure("avg_ttft_ms");
    Double longest = sweep.getLast().figure("avg_ttft_ms");
    if (shortest == null || longest == null || longest >= LEAST_GROWTH * shortest) {
      return;
    }
    String reason =
        String.format(
            Locale.ROOT,
            "the first token takes %.1f ms after a prompt of %.0f tokens and %.1f ms after one of %.0f, with no cache hits reported",
            shortest,
            length(sweep.getFirst()),
            longest,
            length(sweep.getLast()));
    drafts.forEach(each -> flag(each, reason));
  }

  private static double length(RunDraft draft) {
    try {
      return Double.parseDouble(draft.parameters.getOrDefault("input_len", "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static void flag(RunDraft draft, String reason) {
    draft.verdict = Verdict.IMPLAUSIBLE;
    draft.reasons.add(reason);
  }

  private static boolean answersHaveNoTokens(RunDraft draft) {
    List<ImportedRequest> answers =
        draft.requests.stream()
            .filter(each -> each.ok() && each.outputTokens() != null && each.outputTokens() > 1)
            .toList();
    return !answers.isEmpty()
        && answers.stream().allMatch(each -> each.itls().length == 0 && each.latency() == null);
  }

  /** Time per output token; NaN when there is none. */
  private static double tpotMs(ImportedRequest request) {
    Integer tokens = request.outputTokens();
    Double first = request.ttft();
    Double last = request.toLastContent();
    if (tokens == null || tokens <= 1 || first == null || last == null) {
      return Double.NaN;
    }
    return (last - first) / (tokens - 1) * 1e3;
  }

  private static @Nullable Double medianTpotMs(RunDraft draft) {
    double[] tpots =
        draft.requests.stream()
            .filter(ImportedRequest::ok)
            .mapToDouble(Plausibility::tpotMs)
            .filter(tpot -> !Double.isNaN(tpot))
            .sorted()
            .toArray();
    if (tpots.length > 0) {
      return tpots[tpots.length / 2];
    }
    Double reported = draft.figure("median_tpot_ms");
    Double mean = draft.figure("mean_tpot_ms");
    return reported != null && mean != null && mean > 0 ? reported : null;
  }
}
