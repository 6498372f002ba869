package dev.kvasir.producer;

import dev.kvasir.event.ResultReported;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.search.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a search found for one variant of a strategy.
 *
 * @param variant strategy and parameters as text
 * @param finding what was found
 * @param run number of the last run at the highest rate that holds, else of the last run
 * @param doubtful rates of runs that prove nothing of the server, with how they ended
 */
public record Found(String variant, Finding finding, long run, Map<Double, Verdict> doubtful) {

  /** The finding as results that were reported of its run. */
  List<ResultReported> results(long at) {
    List<ResultReported> results = new ArrayList<>();
    finding.holds().ifPresent(rate -> results.addAll(rate("highest_rate_at_target", rate, at)));
    finding.breaks().ifPresent(rate -> results.addAll(rate("lowest_rate_below_target", rate, at)));
    results.add(result("search_target", finding.settings().target(), "ratio", at));
    return results;
  }

  private List<ResultReported> rate(String name, Finding.Rate rate, long at) {
    return List.of(
        result(name, rate.rate(), "requests/s", at),
        result(name + "_attainment", rate.attainment().share(), "ratio", at),
        result(name + "_attainment_low", rate.attainment().low(), "ratio", at),
        result(name + "_attainment_high", rate.attainment().high(), "ratio", at));
  }

  private ResultReported result(String metric, double value, String unit, long at) {
    return new ResultReported(run, at, metric, value, unit, "kvasir:search");
  }

  /** The finding as a sentence. */
  public String text() {
    String found = variant + ": " + finding.text() + ".";
    return doubtful.isEmpty()
        ? found
        : "%s This rests on runs that prove nothing of the server (%s); --resume makes them again."
            .formatted(found, doubts());
  }

  private String doubts() {
    return doubtful.entrySet().stream()
        .map(each ->
            "%s at %s requests/s".formatted(words(each.getValue()), Finding.plain(each.getKey())))
        .collect(Collectors.joining(", "));
  }

  private static String words(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
