package dev.kvasir.producer.workload;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** OpenAI's cl100k byte-pair encoding, from jtokkit, which carries its vocabulary. */
final class Cl100kTokenizer implements Tokenizer {

  private static final int VOCABULARY = 100_256;
  private static final Pattern SPACED_WORD = Pattern.compile(" [a-z]{3,5}");

  private final Encoding encoding =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
  private List<String> words = List.of();

  @Override
  public String name() {
    return encoding.getName();
  }

  @Override
  public int count(String text) {
    return encoding.countTokensOrdinary(text);
  }

  @Override
  public int marks() {
    return 0;
  }

  @Override
  public List<String> words() {
    if (words.isEmpty()) {
      words = findWords();
    }
    return words;
  }

  /** A letter sequence and the space before it are encoded apart from what surrounds them. */
  private List<String> findWords() {
    List<String> found = new ArrayList<>();
    IntArrayList token = new IntArrayList(1);
    for (int id = 0; id < VOCABULARY; id++) {
      token.clear();
      token.add(id);
      String text = encoding.decode(token);
      if (SPACED_WORD.matcher(text).matches() && count(text.substring(1)) == 1) {
        found.add(text.substring(1));
      }
    }
    return List.copyOf(found);
  }
}
