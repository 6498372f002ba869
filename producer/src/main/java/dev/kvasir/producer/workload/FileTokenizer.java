package dev.kvasir.producer.workload;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * A model's own tokenizer, from its {@code tokenizer.json}. The native library that reads it comes
 * out of its jar; nothing is downloaded. One thread uses it.
 */
final class FileTokenizer implements Tokenizer {

  static final String FILE_NAME = "tokenizer.json";

  private static final int MOST_WORDS = 4096;
  private static final int FEWEST_WORDS = 8;
  private static final Pattern WORD = Pattern.compile("[a-z]{3,5}");
  private static final Map<String, String> WHOLE_TEXTS =
      Map.of("truncation", "false", "padding", "false");

  private final String file;
  private final String name;
  private final HuggingFaceTokenizer tokenizer;
  private final Set<String> vocabulary;
  private final int marks;
  private List<String> words = List.of();

  private FileTokenizer(
      String file, String name, HuggingFaceTokenizer tokenizer, Set<String> vocabulary) {
    this.file = file;
    this.name = name;
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.marks = count("");
  }

  /**
   * Reads a tokenizer.
   *
   * @param file full name of the file
   * @throws DatasetException if the file is no tokenizer
   */
  static FileTokenizer read(String file, Datasets datasets) {
    stayOffline();
    try (InputStream in = datasets.open(file)) {
      byte[] json = in.readAllBytes();
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), WHOLE_TEXTS);
      return new FileTokenizer(file, name(file, json), tokenizer, Vocabulary.of(json));
    } catch (IOException | RuntimeException unreadable) {
      throw new DatasetException(
          "%s is no tokenizer that can be read: %s; give a model's %s, or its folder"
              .formatted(file, unreadable.getMessage(), FILE_NAME));
    }
  }

  /** Keeps the library from looking for variants for a GPU, and from counting its users. */
  private static void stayOffline() {
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  /** The file with its folder, which is the model's name as a rule, and what tells it apart. */
  private static String name(String file, byte[] json) {
    String[] path = file.split("[/\\\\]", -1);
    String folder = path.length > 1 ? path[path.length - 2] + "/" : "";
    String hash = HexFormat.of().formatHex(Seed.sha256().digest(json)).substring(0, 12);
    return "%s%s sha256:%s".formatted(folder, path[path.length - 1], hash);
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * Asks the library for ids alone: its own encoding brings six lists along and takes thrice as
   * long.
   */
  @Override
  public int count(String text) {
    long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), text, true);
    try {
      return TokenizersLibrary.LIB.getTokenIds(encoding).length;
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  @Override
  public int marks() {
    return marks;
  }

  @Override
  public List<String> words() {
    if (words.isEmpty()) {
      words = findWords();
    }
    return words;
  }

  private List<String> findWords() {
    List<String> found = new ArrayList<>();
    for (String word : vocabulary) {
      if (found.size() < MOST_WORDS
          && WORD.matcher(word).matches()
          && count(word) - marks == 1
          && count(word + " " + word) - marks == 2) {
        found.add(word);
      }
    }
    if (found.size() < FEWEST_WORDS || !standAlone(found)) {
      throw new DatasetException(
          "%s knows %d words that are one token each wherever they stand, too few to make prompts"
                  .formatted(file, found.size())
              + " of exact lengths; use another tokenizer, or prompts from a file");
    }
    return List.copyOf(found);
  }

  /** Whether the words keep their counts in every order that is tried. */
  private boolean standAlone(List<String> found) {
    List<String> text = new ArrayList<>(found);
    SplittableRandom random = new SplittableRandom(0);
    for (int i = 0; i < 3; i++) {
      Collections.shuffle(text, random);
      if (count(String.join(" ", text)) - marks != text.size()) {
        return false;
      }
    }
    return true;
  }
}
