package dev.kvasir.sink.warehouse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a query. Values are null, Boolean, Number, String, List or Map of these; times and
 * whatever else SQL knows are text.
 *
 * @param columns the columns
 * @param rows the rows, a value for each column
 * @param truncated whether there were more rows than the limit
 */
public record QueryResult(
    List<Column> columns, List<List<@Nullable Object>> rows, boolean truncated) {

  /**
   * A column.
   *
   * @param name its name
   * @param type its SQL type
   */
  public record Column(String name, String type) {}

  /**
   * The values of one column.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public List<@Nullable Object> column(String name) {
    List<String> names = columns.stream().map(Column::name).toList();
    int place = names.indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException("there is no column " + name + " in " + names);
    }
    return rows.stream().<@Nullable Object>map(row -> row.get(place)).toList();
  }
}
