package dev.kvasir.topic;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * Writes the schemas of the events into the history: a changed schema gets a new version and id,
 * unless its last version belongs to the release that is being made.
 */
final class SchemaFreeze {

  private static final Path FOLDER = Path.of("history");

  private SchemaFreeze() {}

  static void freeze(String release) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(FOLDER.resolve("index.csv")));
    List<SchemaHistory.Frozen> frozen = new ArrayList<>(SchemaHistory.load());
    for (Topic topic : Topic.values()) {
      for (Class<?> event : topic.events()) {
        freeze(release, topic, SpecificData.get().getSchema(event), frozen, lines);
      }
    }
    Files.write(FOLDER.resolve("index.csv"), lines);
  }

  private static void freeze(
      String release,
      Topic topic,
      Schema schema,
      List<SchemaHistory.Frozen> frozen,
      List<String> lines)
      throws IOException {
    String subject = topic.topicName() + "-" + schema.getFullName();
    var versions = frozen.stream().filter(f -> f.subject().equals(subject)).toList();
    boolean unreleased = !versions.isEmpty() && versions.getLast().release().equals(release);
    boolean known = !versions.isEmpty() && versions.getLast().schema().equals(schema);
    if (known && !unreleased) {
      return;
    }
    int version = unreleased ? versions.size() : versions.size() + 1;
    String file = schema.getName() + ".v" + version + ".avsc";
    Files.writeString(
        FOLDER.resolve(file),
        new ObjectMapper().readTree(schema.toString()).toPrettyString() + "\n");
    if (!unreleased) {
      int id = frozen.stream().mapToInt(SchemaHistory.Frozen::id).max().orElse(0) + 1;
      frozen.add(new SchemaHistory.Frozen(id, topic.topicName(), version, release, schema));
      lines.add(id + "," + topic.topicName() + "," + version + "," + release + "," + file);
    }
  }
}
