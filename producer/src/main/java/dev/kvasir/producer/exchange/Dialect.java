package dev.kvasir.producer.exchange;

import dev.kvasir.producer.plan.Protocol;

/** How the requests of a protocol are written and how its answers are read; stateless. */
public interface Dialect {

  /** The request's body, JSON in UTF-8. */
  byte[] body(Question question);

  /** A reader at the start of an answer. */
  MessageReader answer();

  /** The dialect of a protocol. */
  static Dialect of(Protocol protocol) {
    return switch (protocol) {
      case OPENAI_COMPLETIONS -> new OpenAiCompletions();
      case OPENAI_CHAT -> new OpenAiChat();
      case SGLANG_GENERATE -> new SglangGenerate();
      case LLAMACPP_COMPLETION -> new LlamaCppCompletion();
    };
  }
}
