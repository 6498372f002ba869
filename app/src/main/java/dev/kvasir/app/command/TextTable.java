package dev.kvasir.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A table for people: columns of equal width, numbers to the right. */
final class TextTable {

  private static final String GAP = "  ";

  private final List<String> head;
  private final List<Boolean> right;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param head names of the columns; one that begins with {@code >} has its values to the right
   */
  TextTable(List<String> head) {
    this.head = head.stream().map(name -> name.startsWith(">") ? name.substring(1) : name).toList();
    this.right = head.stream().map(name -> name.startsWith(">")).toList();
  }

  void add(List<String> row) {
    rows.add(List.copyOf(row));
  }

  /** The lines, the head first. */
  List<String> lines() {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      int width = head.get(i).length();
      for (List<String> row : rows) {
        width = Math.max(width, row.get(i).length());
      }
      widths.add(width);
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(head, widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String space = " ".repeat(widths.get(i) - cells.get(i).length());
      line.append(right.get(i) ? space + cells.get(i) : cells.get(i) + space);
      line.append(i + 1 < cells.size() ? GAP : "");
    }
    return line.toString().stripTrailing();
  }

  /** A number with three digits that count, or whole; {@code -} for none. */
  static String number(@Nullable Object value) {
    if (!(value instanceof Number number)) {
      return value == null ? "-" : value.toString();
    }
    double size = Math.abs(number.doubleValue());
    if (value instanceof Long || value instanceof Integer || size >= 100) {
      return String.format(Locale.ROOT, "%.0f", number.doubleValue());
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", number.doubleValue());
  }

  /** A share as per cent; {@code -} for none. */
  static String percent(@Nullable Object value) {
    return value instanceof Number share
        ? String.format(Locale.ROOT, "%.1f %%", share.doubleValue() * 100)
        : "-";
  }
}
