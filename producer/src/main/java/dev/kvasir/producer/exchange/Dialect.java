package dev.kvasir.producer.exchange;

import dev.kvasir.producer.plan.Protocol;

/** How the requests of a protocol are written and how the messages of its answers are read. */
public interface Dialect {

  /** The request's body, JSON in UTF-8. */
  byte[] body(Question question);

  /** What one message of the answer's stream says. */
  Message read(byte[] bytes, int from, int to);

  /** The dialect of a protocol; stateless. */
  static Dialect of(Protocol protocol) {
    return switch (protocol) {
      case OPENAI_COMPLETIONS -> new OpenAiCompletions();
      case OPENAI_CHAT -> new OpenAiChat();
    };
  }
}
