package dev.kvasir.producer.exchange;

/** OpenAI's completions, with the fields that vLLM, SGLang and llama.cpp add. */
final class OpenAiCompletions implements Dialect {

  @Override
  public byte[] body(Question question) {
    return OpenAiBody.write(question, "prompt", question.prompt().text());
  }

  @Override
  public MessageReader answer() {
    return OpenAiMessage.answer();
  }
}
