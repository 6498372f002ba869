package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventTableTest {

  private static final int SEED = 20_261_122;
  private static final int EVENTS = 40;

  @TempDir static Path folder;
  private static WarehouseFixture warehouse;

  static List<EventTable> tables() {
    return StreamSupport.stream(EventTables.all().spliterator(), false).toList();
  }

  @BeforeAll
  static void open() {
    warehouse = new WarehouseFixture(folder);
  }

  @AfterAll
  static void close() {
    warehouse.close();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableHasAColumnForEachFieldOfItsEvent(EventTable table) {
    assertThat(warehouse.query("DESCRIBE " + table.name()).column("column_name"))
        .isEqualTo(table.columns());
  }

  @ParameterizedTest(name = "{0}, seed " + SEED)
  @MethodSource("tables")
  void whatIsAppendedIsReadBack(EventTable table) throws Exception {
    List<SpecificRecord> events = random(table.schema());
    warehouse.load(events);

    QueryResult read = warehouse.query("FROM " + table.name() + " ORDER BY rowid");

    assertThat(read.rows()).hasSize(EVENTS);
    for (int i = 0; i < EVENTS; i++) {
      assertThat(read.rows().get(i)).isEqualTo(values(table.schema(), events.get(i)));
    }
  }

  private static List<SpecificRecord> random(Schema schema) {
    List<SpecificRecord> events = new ArrayList<>();
    for (Object made : new RandomData(schema, EVENTS, SEED)) {
      events.add((SpecificRecord) SpecificData.get().deepCopy(schema, specific(schema, made)));
    }
    return events;
  }

  /** Generic data as the generated class. */
  private static Object specific(Schema schema, Object value) {
    return switch (value) {
      case GenericRecord made -> {
        Schema own = made.getSchema();
        IndexedRecord event = (IndexedRecord) SpecificData.get().newRecord(null, own);
        own.getFields().forEach(f -> event.put(f.pos(), specific(f.schema(), made.get(f.pos()))));
        yield event;
      }
      case org.apache.avro.generic.GenericEnumSymbol<?> symbol ->
          SpecificData.get().createEnum(symbol.toString(), symbol.getSchema());
      case Map<?, ?> map -> {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, item) -> copy.put(key.toString(), specific(schema, item)));
        yield copy;
      }
      case Collection<?> items ->
          new ArrayList<>(items.stream().map(item -> specific(schema, item)).toList());
      case CharSequence text -> text.toString();
      case null -> null;
      default -> value;
    };
  }

  /** What the row should hold. */
  private static List<Object> values(Schema schema, IndexedRecord event) {
    List<Object> values = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      Schema type =
          field.schema().getType() == Schema.Type.UNION
              ? field.schema().getTypes().stream()
                  .filter(t -> t.getType() != Schema.Type.NULL)
                  .findFirst()
                  .orElseThrow()
              : field.schema();
      Object value = event == null ? null : event.get(field.pos());
      switch (type.getType()) {
        case RECORD -> values.addAll(values(type, (IndexedRecord) value));
        case ENUM -> values.add(value == null ? null : value.toString());
        case ARRAY ->
            values.add(
                type.getElementType().getType() == Schema.Type.RECORD ? value.toString() : value);
        default -> values.add(value);
      }
    }
    return values;
  }
}
