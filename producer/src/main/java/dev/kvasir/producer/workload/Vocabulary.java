package dev.kvasir.producer.workload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/** The vocabulary in a {@code tokenizer.json}, without the signs for a space before a token. */
final class Vocabulary {

  private static final JsonFactory JSON = new JsonFactory();

  private Vocabulary() {}

  /** The tokens in the order of the file. */
  static Set<String> of(byte[] tokenizer) throws IOException {
    Set<String> tokens = new LinkedHashSet<>();
    try (JsonParser parser = JSON.createParser(tokenizer)) {
      parser.nextToken();
      if (enter(parser, "model") && enter(parser, "vocab")) {
        read(parser, tokens);
      }
    }
    return tokens;
  }

  /** Goes to the value of a field of the object that begins here; false when it has none. */
  private static boolean enter(JsonParser parser, String field) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = parser.currentName().equals(field);
      parser.nextToken();
      if (wanted) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  /** An object of tokens and ids, or an array of pairs of token and score. */
  private static void read(JsonParser parser, Set<String> tokens) throws IOException {
    boolean pairs = parser.currentToken() == JsonToken.START_ARRAY;
    for (int depth = 1; depth > 0; ) {
      switch (parser.nextToken()) {
        case START_ARRAY, START_OBJECT -> depth++;
        case END_ARRAY, END_OBJECT -> depth--;
        case FIELD_NAME -> tokens.add(bare(parser.currentName()));
        case VALUE_STRING -> {
          if (pairs) {
            tokens.add(bare(parser.getText()));
          }
        }
        case null -> {
          return;
        }
        default -> {}
      }
    }
  }

  private static String bare(String token) {
    boolean spaced = !token.isEmpty() && (token.charAt(0) == 'Ġ' || token.charAt(0) == '▁');
    return spaced ? token.substring(1) : token;
  }
}
