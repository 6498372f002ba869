package dev.kvasir.simulator.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of a YAML document that knows its line. */
sealed interface YamlNode {
  int line();

  record Section(int line, Map<String, YamlNode> entries) implements YamlNode {}

  record Scalar(int line, String text) implements YamlNode {}

  /**
   * A list.
   *
   * @param texts its items; empty if one of them is no scalar
   */
  record Sequence(int line, List<String> texts) implements YamlNode {
    public Sequence {
      texts = List.copyOf(texts);
    }
  }

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
      List<String> texts = new ArrayList<>();
      boolean plain = true;
      for (JsonToken item = parser.nextToken();
          item != JsonToken.END_ARRAY;
          item = parser.nextToken()) {
        plain &= item.isScalarValue();
        texts.add(parser.getText());
        parser.skipChildren();
      }
      return new Sequence(line, plain ? texts : List.of());
    }
    return new Scalar(line, parser.getText());
  }
}
