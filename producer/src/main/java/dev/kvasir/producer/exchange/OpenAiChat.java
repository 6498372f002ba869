package dev.kvasir.producer.exchange;

import java.util.Map;

/** OpenAI's chat completions, with the fields that vLLM, SGLang and llama.cpp add. */
final class OpenAiChat implements Dialect {

  @Override
  public byte[] body(Question question) {
    return OpenAiBody.write(
        question,
        "messages",
        question.prompt().messages().stream()
            .map(message -> Map.of("role", message.role(), "content", message.content()))
            .toList());
  }

  @Override
  public MessageReader answer() {
    return OpenAiMessage.answer();
  }
}
