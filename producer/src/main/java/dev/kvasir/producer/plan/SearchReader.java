package dev.kvasir.producer.plan;

import dev.kvasir.producer.search.SearchSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a plan searches for. */
final class SearchReader {

  static final List<String> KEYS = List.of("from", "to", "resolution", "target", "confidence");

  private static final double DEFAULT_RESOLUTION = 0.05;
  private static final double DEFAULT_CONFIDENCE = 0.95;
  private static final Value<Double> CONFIDENCE =
      new Value<>(
          "a percentage above 50% and below 100%, such as 95%",
          text -> {
            Double share = Value.SHARE.parser().apply(text);
            return share == null || share <= 0.5 || share >= 1 ? null : share;
          });

  private SearchReader() {}

  /**
   * The settings; null when there is no search, or when a problem was noted.
   *
   * @param objective the limits that requests are to attain
   */
  static @Nullable SearchSettings read(Section root, Objective objective, int repeats) {
    Section search = root.section("search", KEYS);
    if (search == null) {
      return null;
    }
    Double from = search.required("from", RateReader.FINITE);
    Double to = search.required("to", RateReader.FINITE);
    Double own = search.value("target", Value.SHARE);
    Double wanted = own == null ? objective.target() : own;
    mustHaveLimits(root, objective);
    if (wanted == null && !search.has("target")) {
      search.add(
          "target",
          "%s and %s are missing".formatted(search.name("target"), root.name("slo") + ".target"),
          "give the share of requests that must attain their limits, such as 90%");
    }
    if (from != null && to != null && to <= from) {
      search.add(
          "to",
          "%s is not above %s".formatted(search.name("to"), search.name("from")),
          "give the highest rate that is worth trying");
      return null;
    }
    return from == null || to == null || wanted == null
        ? null
        : new SearchSettings(
            from,
            to,
            search.valueOr("resolution", Value.SHARE, DEFAULT_RESOLUTION),
            wanted,
            search.valueOr("confidence", CONFIDENCE, DEFAULT_CONFIDENCE),
            repeats);
  }

  private static void mustHaveLimits(Section root, Objective objective) {
    Section slo = root.section("slo", PlanReader.SLO_KEYS);
    boolean given = slo != null && (slo.has("ttft") || slo.has("tpot"));
    if (!given && objective.ttft() == null && objective.tpot() == null) {
      root.add(
          "search",
          "%s is given without a limit to attain: %s.ttft and %s.tpot are missing"
              .formatted(root.name("search"), root.name("slo"), root.name("slo")),
          "give at least one of them, such as slo: {ttft: 250ms}; without, every answer attains and"
              + " the search measures nothing");
    }
  }
}
