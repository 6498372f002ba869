package dev.kvasir.producer.plan;

import dev.kvasir.producer.plan.CellPrompts.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads how many prompts the runs of single cells send. */
final class PromptsAt {

  private static final String KEY = "prompts";
  private static final int MOST_SHOWN = 12;

  private final Section load;
  private final Collection<String> points;

  /** The words of every cell's name. */
  private final Set<Set<String>> cells = new LinkedHashSet<>();

  /** What an author may write, and the word that it stands for. */
  private final Map<String, String> words = new TreeMap<>(Comparator.reverseOrder());

  private PromptsAt(Section load, Collection<String> points, List<Variant> variants) {
    this.load = load;
    this.points = points;
    for (Variant variant : variants) {
      if (points.isEmpty()) {
        cells.add(CellPrompts.words(variant, null));
      }
      points.forEach(point -> cells.add(CellPrompts.words(variant, point)));
    }
    numbers().forEach(words::put);
    cells.forEach(cell -> cell.forEach(word -> words.put(word, word)));
  }

  /**
   * Reads it.
   *
   * @param points texts of the load points; none where a search finds the rates
   * @param variants strategies with their parameters; none when a problem was noted
   */
  static CellPrompts read(Section load, Collection<String> points, List<Variant> variants) {
    return load.has(KEY) ? new PromptsAt(load, points, variants).read() : CellPrompts.NONE;
  }

  private CellPrompts read() {
    List<Selector> selectors = new ArrayList<>();
    load.texts(KEY)
        .forEach((name, text) -> {
          Integer count = Value.atLeast(1).parser().apply(text);
          Set<String> chosen = cells.isEmpty() ? Set.of() : words(name);
          if (count == null) {
            load.add(
                KEY,
                "%s.%s is %s".formatted(load.name(KEY), name, text),
                "it must be " + Value.atLeast(1).expected());
          } else if (!chosen.isEmpty()) {
            selectors.add(new Selector(chosen, count));
          }
        });
    refuseContradictions(selectors);
    return new CellPrompts(selectors);
  }

  /** The words that a name consists of; none, with a problem noted, when it fits no cell. */
  private Set<String> words(String name) {
    Set<String> chosen = new LinkedHashSet<>();
    String rest = name.strip();
    while (!rest.isEmpty()) {
      String word = first(rest);
      if (word == null) {
        load.add(
            KEY,
            "%s.%s names nothing of a cell".formatted(load.name(KEY), rest),
            "it must be one or more of " + known());
        return Set.of();
      }
      chosen.add(Objects.requireNonNull(words.get(word)));
      rest = rest.substring(word.length()).stripLeading();
    }
    if (chosen.isEmpty() || cells.stream().noneMatch(cell -> cell.containsAll(chosen))) {
      load.add(
          KEY,
          "%s.%s names no cell".formatted(load.name(KEY), name),
          "name parts of one cell, as `kvasir plan` shows them");
      return Set.of();
    }
    return chosen;
  }

  /** What a text begins with: the longest that an author may write. */
  private @Nullable String first(String text) {
    return words.keySet().stream()
        .filter(word -> text.equals(word) || text.startsWith(word + " "))
        .max(Comparator.comparingInt(String::length))
        .orElse(null);
  }

  private String known() {
    List<String> shown = cells.stream().flatMap(Set::stream).distinct().sorted().toList();
    String list = shown.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
    return shown.size() <= MOST_SHOWN ? list : list + ", …";
  }

  /** Load points by their number, where only one has it. */
  private Map<String, String> numbers() {
    Map<String, Set<String>> byNumber = new LinkedHashMap<>();
    for (String point : points) {
      String number = point.substring(point.indexOf('=') + 1);
      for (int end = number.length(); end > 0; end = number.lastIndexOf('-', end - 1)) {
        byNumber.computeIfAbsent(number.substring(0, end), _ -> new LinkedHashSet<>()).add(point);
      }
    }
    return byNumber.entrySet().stream()
        .filter(each -> each.getValue().size() == 1)
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().iterator().next()));
  }

  /** Notes cells about which equally precise selectors say different things. */
  private void refuseContradictions(List<Selector> selectors) {
    for (Set<String> cell : cells) {
      List<Selector> fitting =
          selectors.stream().filter(each -> cell.containsAll(each.words())).toList();
      int most = fitting.stream().mapToInt(each -> each.words().size()).max().orElse(0);
      List<Selector> precise =
          fitting.stream().filter(each -> each.words().size() == most).toList();
      if (precise.stream().map(Selector::prompts).distinct().count() > 1) {
        Set<String> both = new LinkedHashSet<>();
        precise.forEach(each -> both.addAll(each.words()));
        load.add(
            KEY,
            "%s says %s of the cell %s"
                .formatted(
                    load.name(KEY),
                    precise.stream()
                        .map(each -> "%d (%s)".formatted(each.prompts(), each.text()))
                        .collect(Collectors.joining(" and ")),
                    String.join(" ", cell)),
            "say which by naming both: \"%s\"".formatted(String.join(" ", both)));
        return;
      }
    }
  }
}
