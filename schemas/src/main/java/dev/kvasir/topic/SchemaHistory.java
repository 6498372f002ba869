package dev.kvasir.topic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;

/** Every version of every event's schema ever released, with its permanent id. */
final class SchemaHistory {

  private static final String INDEX = "history/index.csv";

  /**
   * One frozen schema.
   *
   * @param id permanent id in the wire format of an embedded log
   * @param topic topic that carries the event
   * @param version version in its subject, from 1
   * @param release release of Kvasir that brought it
   * @param schema the schema
   */
  record Frozen(int id, String topic, int version, String release, Schema schema) {

    /** The subject by topic and record name. */
    String subject() {
      return topic + "-" + schema.getFullName();
    }
  }

  private SchemaHistory() {}

  /** All frozen schemas, in the order of their ids. */
  static List<Frozen> load() {
    return read(INDEX).lines().skip(1).map(SchemaHistory::parse).toList();
  }

  private static Frozen parse(String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != 5) {
      throw new IllegalStateException(
          INDEX + ": expected id,topic,version,release,file and found " + line);
    }
    Schema schema = new Schema.Parser().parse(read("history/" + cells[4]));
    return new Frozen(
        Integer.parseInt(cells[0]), cells[1], Integer.parseInt(cells[2]), cells[3], schema);
  }

  private static String read(String name) {
    try (InputStream in = SchemaHistory.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the schemas jar: build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read from the schemas jar", e);
    }
  }
}
