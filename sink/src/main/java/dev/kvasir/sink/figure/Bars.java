package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bars over categories, which stand at 0, 1, 2, …: side by side or on top of each other. */
final class Bars {

  /** Share of a category's place that its bars take. */
  private static final double BESIDE_WIDTH = 0.8;

  private static final double STACK_WIDTH = 0.6;
  private static final double AIR = 0.94;
  private static final double OPAQUE = 0.9;
  private static final double HOLLOW = 0.2;
  private static final String EDGE = "#333333";

  /**
   * A rectangle.
   *
   * @param mark what it stands for
   * @param middle its middle
   * @param width its width
   * @param from its lower end
   * @param to its upper end
   */
  private record Bar(Mark mark, double middle, double width, double from, double to) {}

  private final List<String> categories;
  private final List<Bar> bars = new ArrayList<>();

  private Bars(List<String> categories) {
    this.categories = categories;
  }

  /** A bar for each series beside the others. */
  static Bars beside(List<Mark> marks, List<String> categories, Series series) {
    Bars all = new Bars(categories);
    double width = BESIDE_WIDTH / series.names().size();
    for (Mark mark : marks) {
      double middle =
          all.category(mark) - BESIDE_WIDTH / 2 + (series.indexOf(mark.series()) + 0.5) * width;
      all.bars.add(new Bar(mark, middle, width * AIR, 0, mark.y()));
    }
    return all;
  }

  /** One bar for each category, of a part for each mark. */
  static Bars stacked(List<Mark> marks, List<String> categories) {
    Bars all = new Bars(categories);
    Map<Integer, Double> heights = new HashMap<>();
    for (Mark mark : marks) {
      int category = all.category(mark);
      double from = heights.getOrDefault(category, 0.0);
      heights.put(category, from + mark.y());
      all.bars.add(new Bar(mark, category, STACK_WIDTH, from, from + mark.y()));
    }
    return all;
  }

  private int category(Mark mark) {
    return categories.indexOf(String.valueOf(mark.label()));
  }

  /** How far the axes reach. */
  Span span(boolean percent) {
    double top =
        bars.stream().mapToDouble(bar -> Math.max(bar.to(), bar.mark().reach())).max().orElse(1);
    return Span.ofCategories(categories.size(), top, percent);
  }

  /** The categories' names below the bars. */
  Ticks ticks() {
    List<Double> at = new ArrayList<>();
    for (int i = 0; i < categories.size(); i++) {
      at.add((double) i);
    }
    return new Ticks(at, categories);
  }

  /** Where a mark's bar has its middle. */
  double middle(Mark mark) {
    return bars.stream()
        .filter(bar -> bar.mark().equals(mark))
        .mapToDouble(Bar::middle)
        .findFirst()
        .orElseThrow();
  }

  /** Draws them; bounds and runs that cannot be used are pale. */
  void draw(Layers layers) {
    draw(layers, bars.stream().filter(bar -> !bar.mark().hollow()).toList(), OPAQUE);
    draw(layers, bars.stream().filter(bar -> bar.mark().hollow()).toList(), HOLLOW);
  }

  private static void draw(Layers layers, List<Bar> some, double alpha) {
    if (some.isEmpty()) {
      return;
    }
    Map<String, Object> data =
        Spec.of(
            "left", Spec.list(some.stream().map(bar -> bar.middle - bar.width / 2).toList()),
            "right", Spec.list(some.stream().map(bar -> bar.middle + bar.width / 2).toList()),
            "from", Spec.list(some.stream().map(Bar::from).toList()),
            "to", Spec.list(some.stream().map(Bar::to).toList()),
            "series", Spec.list(some.stream().map(bar -> bar.mark.series()).toList()),
            "facet", Spec.list(some.stream().map(bar -> bar.mark.facet()).toList()));
    layers.add(
        "rect",
        data,
        Spec.of("xmin", "left", "xmax", "right", "ymin", "from", "ymax", "to", "fill", "series"),
        "alpha",
        alpha,
        "color",
        EDGE,
        "size",
        0.3);
  }

  /** Marks off what they take of one panel. */
  void take(Taken taken, String facet) {
    for (Bar bar : bars) {
      Double high = bar.mark().high();
      if (bar.mark().facet().equals(facet)) {
        taken.bar(
            bar.middle - bar.width / 2,
            bar.middle + bar.width / 2,
            bar.from,
            high == null ? bar.to : Math.max(bar.to, high));
      }
    }
  }
}
