package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.LoadPoint;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many prompts the runs of single cells send, where it is not what their workload says.
 *
 * @param selectors which cells, and how many
 */
public record CellPrompts(List<Selector> selectors) {

  /** Every cell sends what its workload says. */
  public static final CellPrompts NONE = new CellPrompts(List.of());

  public CellPrompts {
    selectors = List.copyOf(selectors);
  }

  /**
   * Cells by words of their names.
   *
   * @param words a strategy's name, parameters such as {@code len=100}, a load point's text
   * @param prompts prompts of a run
   */
  public record Selector(Set<String> words, int prompts) {
    public Selector {
      words = Set.copyOf(words);
    }

    String text() {
      return String.join(" ", words.stream().sorted().toList());
    }
  }

  /** The same number of prompts at one load point, whatever is sent there. */
  public static CellPrompts at(LoadPoint load, int prompts) {
    return new CellPrompts(List.of(new Selector(Set.of(load.text()), prompts)));
  }

  /** What is said of a cell: by the selector with most words; null when none fits. */
  public @Nullable Integer of(Variant variant, LoadPoint load) {
    Set<String> cell = words(variant, load.text());
    return selectors.stream()
        .filter(selector -> cell.containsAll(selector.words()))
        .max(Comparator.comparingInt(selector -> selector.words().size()))
        .map(Selector::prompts)
        .orElse(null);
  }

  /**
   * The words that a cell's name consists of.
   *
   * @param load the load point's text; null where a search finds the rates
   */
  static Set<String> words(Variant variant, @Nullable String load) {
    Set<String> words = new LinkedHashSet<>();
    words.add(variant.strategy().name());
    variant.parameters().forEach((name, value) -> words.add(name + "=" + value));
    if (load != null) {
      words.add(load);
    }
    return words;
  }
}
