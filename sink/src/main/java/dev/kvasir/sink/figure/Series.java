package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The series of a chart in their order, and what each looks like. */
final class Series {

  private final List<String> places;
  private final List<String> names;
  private final boolean known;

  /**
   * @param marks everything that is drawn
   * @param places every series of the experiments that are drawn, in their order
   */
  Series(List<Mark> marks, List<String> places) {
    this.places = places;
    Set<String> drawn = new LinkedHashSet<>();
    marks.forEach(mark -> drawn.add(mark.series()));
    Set<String> ordered = new LinkedHashSet<>(places);
    ordered.retainAll(drawn);
    ordered.addAll(drawn);
    this.names = List.copyOf(ordered);
    this.known = places.containsAll(drawn);
  }

  List<String> names() {
    return names;
  }

  int indexOf(String name) {
    return names.indexOf(name);
  }

  String colour(String name) {
    return Palette.colour(place(name));
  }

  /** The colour of a bar. */
  String area(String name) {
    return Palette.area(place(name));
  }

  /** The colour of a part of a stacked bar. */
  String stage(String name) {
    return Palette.stage(names.indexOf(name));
  }

  /** A strategy's place among those of its experiment; of anything else, its place in the chart. */
  private int place(String name) {
    return (known ? places : names).indexOf(name);
  }

  /** Categories of bars: those that are series of the experiments in their order, then the rest. */
  List<String> categories(List<Mark> marks) {
    Set<String> labels = new LinkedHashSet<>();
    marks.forEach(mark -> labels.add(String.valueOf(mark.label())));
    Set<String> ordered = new LinkedHashSet<>(places);
    ordered.retainAll(labels);
    ordered.addAll(labels);
    return List.copyOf(ordered);
  }

  /** Colour, line and marker of each series. */
  List<Map<String, Object>> looks() {
    List<Map<String, Object>> scales = new ArrayList<>();
    scales.add(scale("color", this::colour));
    scales.add(scale("fill", this::colour));
    scales.add(scale("linetype", name -> Palette.line(place(name))));
    scales.add(scale("shape", name -> Palette.marker(place(name))));
    return scales;
  }

  /** What an aesthetic of the plot library is for each series. */
  Map<String, Object> scale(String aesthetic, Function<String, Object> of) {
    return Spec.of(
        "aesthetic",
        aesthetic,
        "limits",
        Spec.list(names),
        "values",
        Spec.list(names.stream().map(of).toList()));
  }
}
