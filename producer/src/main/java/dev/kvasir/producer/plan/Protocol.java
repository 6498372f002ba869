package dev.kvasir.producer.plan;

/** What is spoken with a server. */
public enum Protocol {
  /** OpenAI's text completions, streaming. */
  OPENAI_COMPLETIONS("openai-completions", "/v1/completions"),
  /** OpenAI's chat completions, streaming. */
  OPENAI_CHAT("openai-chat", "/v1/chat/completions"),
  /** SGLang's own generation, streaming. */
  SGLANG_GENERATE("sglang-generate", "/generate"),
  /** llama.cpp's own completion, streaming. */
  LLAMACPP_COMPLETION("llamacpp-completion", "/completion");

  private final String text;
  private final String path;

  Protocol(String text, String path) {
    this.text = text;
    this.path = path;
  }

  /** The name that plans and run records use. */
  public String text() {
    return text;
  }

  /** The usual path of the endpoint. */
  public String path() {
    return path;
  }
}
