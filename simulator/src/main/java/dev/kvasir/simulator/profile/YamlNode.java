package dev.kvasir.simulator.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A piece of a YAML document that knows its line. */
sealed interface YamlNode {
  int line();

  record Section(int line, Map<String, YamlNode> entries) implements YamlNode {}

  record Scalar(int line, String text) implements YamlNode {}

  record Sequence(int line) implements YamlNode {}

  /**
   * Reads one document; an empty one is an empty section.
   *
   * @throws IOException if it is not YAML or names a key twice
   */
  static YamlNode read(String yaml) throws IOException {
    YAMLFactory factory =
        YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser parser = factory.createParser(yaml)) {
      JsonToken token = parser.nextToken();
      return token == null ? new Section(1, Map.of()) : read(parser, token);
    }
  }

  private static YamlNode read(JsonParser parser, JsonToken token) throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    if (token == JsonToken.START_OBJECT) {
      Map<String, YamlNode> entries = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        entries.put(key, read(parser, parser.nextToken()));
      }
      return new Section(line, entries);
    }
    if (token == JsonToken.START_ARRAY) {
      parser.skipChildren();
      return new Sequence(line);
    }
    return new Scalar(line, parser.getText());
  }
}
