package dev.kvasir.sink.imports;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parallel arrays of a detailed record as requests. An array is indexed by the submitted
 * request, failures included; a failure's time to first token is 0.0 unless it got that far.
 */
final class VllmRequests {

  private final JsonRecord found;
  private final int count;

  VllmRequests(JsonRecord found) {
    this.found = found;
    this.count = found.length("ttfts");
  }

  void addTo(RunDraft draft) {
    if (count == 0) {
      return;
    }
    int pass = draft.metadata.containsKey("iteration") ? iteration() : 1;
    double origin = origin();
    for (int place = 0; place < count; place++) {
      Double start = found.element("start_times", place);
      long startNanos = start == null ? 0 : Math.round((start - origin) * 1e9);
      draft.requests.add(request(place, pass, startNanos));
    }
    if (found.length("start_times") != count) {
      draft.startTimes = RunDraft.StartTimes.RECONSTRUCTED;
      StartTimes.reconstruct(draft.requests, draft.rate, draft.concurrency);
    }
    draft.workloadHash = "lengths-" + Hash.hex(lengths()).substring(0, 16);
    draft.derived.put("phase_measured", phaseMeasured(draft));
  }

  private int iteration() {
    Double iteration = found.number("iteration");
    return iteration == null ? 1 : Math.max(1, iteration.intValue());
  }

  /** The first start, of whatever origin. */
  private double origin() {
    double least = Double.POSITIVE_INFINITY;
    for (double start : found.series("start_times")) {
      least = Math.min(least, start);
    }
    return Double.isInfinite(least) ? 0 : least;
  }

  private ImportedRequest request(int place, int pass, long startNanos) {
    Double ttft = found.element("ttfts", place);
    Double output = found.element("output_lens", place);
    String error = found.error(place);
    boolean reached = ttft != null && ttft > 0;
    boolean answered = error == null && (reached || (output != null && output > 0));
    return new ImportedRequest(
        place,
        Phase.MEASURE,
        pass,
        startNanos,
        answered ? Outcome.OK : failure(error),
        answered || error != null ? error : "the record has neither a first token nor an error",
        answered ? (Integer) 200 : null,
        reached ? ttft : null,
        found.itls(place),
        found.element("latencies", place),
        found.element("queue_times", place),
        found.element("tpots", place),
        whole(found.element("input_lens", place)),
        answered ? whole(output) : null,
        whole(found.element("cached_tokens", place)),
        found.outputHash(place),
        null,
        null);
  }

  private static @Nullable Integer whole(@Nullable Double number) {
    return number == null ? null : (Integer) number.intValue();
  }

  private static Outcome failure(@Nullable String error) {
    if (error == null) {
      return Outcome.MALFORMED;
    }
    String text = error.toLowerCase(Locale.ROOT);
    if (text.contains("timeout") || text.contains("timed out")) {
      return Outcome.TIMEOUT;
    }
    return text.contains("connect") ? Outcome.CONNECTION_FAILED : Outcome.SERVER_ERROR;
  }

  private String lengths() {
    StringBuilder text = new StringBuilder();
    for (double length : found.series("input_lens")) {
      text.append((long) length).append(' ');
    }
    return text.toString();
  }

  private static String phaseMeasured(RunDraft draft) {
    boolean decodes =
        draft.requests.stream()
            .map(ImportedRequest::outputTokens)
            .anyMatch(tokens -> tokens != null && tokens > 1);
    return decodes ? "prefill+decode" : "prefill_only";
  }
}
