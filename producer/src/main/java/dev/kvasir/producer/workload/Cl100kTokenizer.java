package dev.kvasir.producer.workload;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * OpenAI's cl100k byte-pair encoding, from jtokkit, which carries its vocabulary. The vocabulary is
 * read when something is first counted; the words lie in a file of their own.
 */
final class Cl100kTokenizer implements Tokenizer {

  private static final EncodingType TYPE = EncodingType.CL100K_BASE;
  private static final String WORDS = "cl100k-words.txt";

  private List<String> words = List.of();

  /** Loaded when something is first counted. */
  private static final class Vocabulary {
    static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(TYPE);
  }

  @Override
  public String name() {
    return TYPE.getName();
  }

  @Override
  public int count(String text) {
    return Vocabulary.ENCODING.countTokensOrdinary(text);
  }

  @Override
  public int marks() {
    return 0;
  }

  /** Every word of three to five letters that is one token, with and without a space before it. */
  @Override
  public List<String> words() {
    if (words.isEmpty()) {
      words = readWords();
    }
    return words;
  }

  private static List<String> readWords() {
    try (InputStream file =
        Objects.requireNonNull(Cl100kTokenizer.class.getResourceAsStream(WORDS), WORDS)) {
      return new String(file.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(WORDS + " cannot be read", e);
    }
  }
}
