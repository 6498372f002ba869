package dev.kvasir.label;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One rule: when every condition holds, its labels are set where no earlier rule has set them.
 *
 * @param name what it is called
 * @param conditions all of which must hold
 * @param labels values by label; <code>${fact}</code> stands for a fact
 * @param copies labels that take the value of a fact, where there is one
 * @param tiers memory tiers that it adds, nearest first
 * @param transports transports that it adds
 * @param quantities labels that are computed, where their facts are there
 */
record LabelRule(
    String name,
    List<Condition> conditions,
    Map<String, String> labels,
    Map<String, String> copies,
    List<String> tiers,
    List<String> transports,
    Map<String, Quantity> quantities) {

  private static final Pattern HOLE = Pattern.compile("\\$\\{([^}]+)}");

  /**
   * What a fact or an earlier label must be.
   *
   * @param name its name; {@code *} stands for anything
   * @param names the same as a pattern
   * @param value pattern of its whole value
   * @param absent whether there must be none such instead
   */
  record Condition(String name, Pattern names, Pattern value, boolean absent) {

    boolean holds(Draft draft) {
      String label = draft.labels().get(name);
      boolean found =
          label == null ? draft.facts().any(names, value) : value.matcher(label).matches();
      return found != absent;
    }
  }

  void apply(Draft draft) {
    if (!conditions.stream().allMatch(condition -> condition.holds(draft))) {
      return;
    }
    labels.forEach((label, value) -> draft.set(label, filled(value, draft)));
    copies.forEach((label, fact) -> {
      String value = draft.get(fact);
      if (value != null) {
        draft.set(label, value);
      }
    });
    tiers.forEach(draft::addTier);
    transports.forEach(draft::addTransport);
    quantities.forEach((label, quantity) -> {
      Long value = quantity.value(draft::get);
      if (value != null) {
        draft.set(label, Long.toString(value));
      }
    });
  }

  private static String filled(String value, Draft draft) {
    return HOLE.matcher(value)
        .replaceAll(hole -> {
          String fact = draft.get(hole.group(1));
          return Matcher.quoteReplacement(fact == null ? "" : fact);
        });
  }
}
