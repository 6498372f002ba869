package dev.kvasir.sink.warehouse;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/**
 * The table of one event: a column for each field in its order, nested records flattened.
 *
 * @param name name of the table
 * @param schema schema of the event
 */
record EventTable(String name, Schema schema) {

  private static final Pattern UPPER = Pattern.compile("([A-Z])");

  /** The columns' names, in the order in which values are appended. */
  List<String> columns() {
    List<String> names = new ArrayList<>();
    addColumns("", schema, names);
    return names;
  }

  private static void addColumns(String prefix, Schema record, List<String> names) {
    for (Schema.Field field : record.getFields()) {
      Schema type = withoutNull(field.schema());
      String name = prefix + column(field.name());
      if (type.getType() == Schema.Type.RECORD) {
        addColumns(name + "_", type, names);
      } else {
        names.add(name);
      }
    }
  }

  /** A field's name as a column: epoch times end in {@code _at_ns}, durations in {@code _ns}. */
  private static String column(String field) {
    String named =
        field.equals("at")
            ? "atNs"
            : field.replaceFirst("Nanos$", "Ns").replaceFirst("At$", "AtNs");
    return UPPER.matcher(named).replaceAll("_$1").toLowerCase(java.util.Locale.ROOT);
  }

  private static Schema withoutNull(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    return schema.getTypes().stream()
        .filter(type -> type.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  /** Appends one event as a row. */
  void append(DuckDBAppender appender, IndexedRecord event) throws SQLException {
    appender.beginRow();
    appendFields(appender, schema, event);
    appender.endRow();
  }

  private static void appendFields(
      DuckDBAppender appender, Schema record, @Nullable IndexedRecord values) throws SQLException {
    for (Schema.Field field : record.getFields()) {
      Schema type = withoutNull(field.schema());
      Object value = values == null ? null : values.get(field.pos());
      if (type.getType() == Schema.Type.RECORD) {
        appendFields(appender, type, (IndexedRecord) value);
      } else {
        appendValue(appender, type, value);
      }
    }
  }

  private static void appendValue(DuckDBAppender appender, Schema type, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> appender.appendNull();
      case Long number -> appender.append(number.longValue());
      case Integer number -> appender.append(number.intValue());
      case Double number -> appender.append(number.doubleValue());
      case Boolean truth -> appender.append(truth.booleanValue());
      case CharSequence text -> appender.append(text.toString());
      case Enum<?> symbol -> appender.append(symbol.name());
      case Map<?, ?> map -> appender.append(map);
      case Collection<?> items when isRecords(type) -> appender.append(items.toString());
      case Collection<?> items -> appender.append(items);
      default ->
          throw new IllegalArgumentException(
              "a field of type " + type + " has no column type: " + value.getClass());
    }
  }

  private static boolean isRecords(Schema type) {
    return type.getElementType().getType() == Schema.Type.RECORD;
  }
}
