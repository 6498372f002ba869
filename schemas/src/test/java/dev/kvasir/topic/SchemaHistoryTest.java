package dev.kvasir.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidator;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaHistoryTest {

  /** {@code -Dfreeze=RELEASE} writes the schemas as they are into the history. */
  @BeforeAll
  static void freezeWhenAsked() throws IOException {
    String release = System.getProperty("freeze");
    if (release != null) {
      SchemaFreeze.freeze(release);
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void theLastFrozenVersionOfAnEventIsTheOneInUse(Topic topic, Class<?> event) {
    Schema inUse = SpecificData.get().getSchema(event);

    assertThat(versions().getOrDefault(topic.topicName() + "-" + inUse.getFullName(), List.of()))
        .as("frozen versions; after a change run: ./mvnw -pl schemas test -Dfreeze=RELEASE")
        .isNotEmpty()
        .last()
        .extracting(SchemaHistory.Frozen::schema)
        .hasToString(inUse.toString());
  }

  @Test
  void everyVersionReadsEveryOther() {
    SchemaValidator fullTransitive =
        new SchemaValidatorBuilder().mutualReadStrategy().validateAll();

    versions()
        .forEach((subject, frozen) -> {
          List<Schema> schemas = frozen.stream().map(SchemaHistory.Frozen::schema).toList();
          for (int i = 0; i < schemas.size(); i++) {
            Schema schema = schemas.get(i);
            List<Schema> earlier = schemas.subList(0, i);
            assertThatCode(() -> fullTransitive.validate(schema, earlier))
                .as(subject)
                .doesNotThrowAnyException();
          }
        });
  }

  @Test
  void idsAreUniqueAndVersionsCountFromOne() {
    List<SchemaHistory.Frozen> all = SchemaHistory.load();

    assertThat(new HashSet<>(all.stream().map(SchemaHistory.Frozen::id).toList()))
        .hasSameSizeAs(all);
    versions()
        .values()
        .forEach(frozen ->
            assertThat(frozen)
                .extracting(SchemaHistory.Frozen::version)
                .containsExactlyElementsOf(
                    Stream.iterate(1, v -> v + 1).limit(frozen.size()).toList()));
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyFieldIsDocumented(Topic topic, Class<?> event) {
    assertThat(SpecificData.get().getSchema(event).getFields())
        .allSatisfy(field -> assertThat(field.doc()).as(field.name()).isNotBlank());
  }

  static Stream<Object[]> events() {
    return Arrays.stream(Topic.values())
        .flatMap(topic -> topic.events().stream().map(event -> new Object[] {topic, event}));
  }

  private static Map<String, List<SchemaHistory.Frozen>> versions() {
    return SchemaHistory.load().stream()
        .collect(Collectors.groupingBy(SchemaHistory.Frozen::subject));
  }
}
