package dev.kvasir.producer.workload;

import java.util.AbstractList;
import java.util.List;

/**
 * Messages of words that are composed whenever they are asked for, so that a run of long prompts
 * fits a small heap. Immutable.
 */
final class ComposedMessages extends AbstractList<Message> {

  private final WordText words;
  private final List<Part> parts;

  /**
   * A message before it is composed.
   *
   * @param role {@code system}, {@code user} or {@code assistant}
   * @param words its content
   */
  record Part(String role, List<Words> words) {
    Part {
      words = List.copyOf(words);
    }
  }

  ComposedMessages(WordText words, List<Part> parts) {
    this.words = words;
    this.parts = List.copyOf(parts);
  }

  /** One message of the user. */
  static ComposedMessages user(WordText words, Words... parts) {
    return new ComposedMessages(words, List.of(new Part("user", List.of(parts))));
  }

  @Override
  public Message get(int index) {
    Part part = parts.get(index);
    return new Message(part.role(), words.compose(part.words()));
  }

  @Override
  public int size() {
    return parts.size();
  }
}
