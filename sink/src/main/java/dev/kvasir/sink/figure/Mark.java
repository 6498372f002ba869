package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.QueryResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One point, bar or part of a bar.
 *
 * @param series what its colour and marker stand for
 * @param facet its panel; empty where there is one panel
 * @param label its category; null on an axis of numbers
 * @param x its place on an axis of numbers; null for a category
 * @param y its height
 * @param low lower end of its error bar; null for none
 * @param high upper end; null for none
 * @param n repeats behind it
 * @param hollow whether it is a lower bound or the client limited it
 * @param joined what joins it to others; null for its series
 * @param frontier whether it is on the frontier of a scatter
 */
record Mark(
    String series,
    String facet,
    @Nullable String label,
    @Nullable Double x,
    double y,
    @Nullable Double low,
    @Nullable Double high,
    long n,
    boolean hollow,
    @Nullable String joined,
    boolean frontier) {

  /** How many times its mark's height an error bar may stretch the axis to. */
  private static final double STRETCH = 2.5;

  /**
   * The rows of a figure's query as marks; rows without a height are left out. Error bars end where
   * no value can be: at 0, and of shares at 100 %.
   */
  static List<Mark> of(QueryResult rows, FigureRequest.Errors errors, boolean percent) {
    double most = percent ? 100 : Double.POSITIVE_INFINITY;
    List<String> names = rows.columns().stream().map(QueryResult.Column::name).toList();
    List<Mark> marks = new ArrayList<>();
    for (List<@Nullable Object> row : rows.rows()) {
      Map<String, @Nullable Object> cell = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        cell.put(names.get(i), row.get(i));
      }
      Double y = number(cell.get("y"));
      if (y == null || y.isNaN() || y.isInfinite()) {
        continue;
      }
      Double x = number(cell.get("x"));
      String label = text(cell.get("label"));
      if (x == null && label == null) {
        continue;
      }
      Double n = number(cell.get("n"));
      Double std = errors == FigureRequest.Errors.STD ? number(cell.get("std")) : null;
      marks.add(
          new Mark(
              String.valueOf(cell.get("series")),
              cell.get("facet") == null ? "" : String.valueOf(cell.get("facet")),
              label,
              x,
              y,
              end(errors, number(cell.get("low")), std == null ? null : (Double) (y - std), most),
              end(errors, number(cell.get("high")), std == null ? null : (Double) (y + std), most),
              n == null ? 1 : n.longValue(),
              Boolean.TRUE.equals(cell.get("hollow")),
              text(cell.get("joined")),
              Boolean.TRUE.equals(cell.get("frontier"))));
    }
    return marks;
  }

  private static @Nullable Double end(
      FigureRequest.Errors errors,
      @Nullable Double interval,
      @Nullable Double deviation,
      double most) {
    Double end =
        switch (errors) {
          case CI -> interval;
          case STD -> deviation;
          case NONE -> null;
        };
    return end == null ? null : (Double) Math.max(0, Math.min(most, end));
  }

  /** The height that the axis must have for it: an interval of few repeats does not stretch it. */
  double reach() {
    Double upper = high;
    return Math.max(y, upper == null ? 0 : Math.min(upper, STRETCH * y));
  }

  /** The same elsewhere. */
  Mark at(double place) {
    return new Mark(series, facet, label, place, y, low, high, n, hollow, joined, frontier);
  }

  boolean isDetached() {
    return x != null && x.isInfinite();
  }

  private static @Nullable Double number(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Number number -> number.doubleValue();
      case String text when text.equalsIgnoreCase("Infinity") || text.equals("inf") ->
          Double.POSITIVE_INFINITY;
      default -> null;
    };
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
