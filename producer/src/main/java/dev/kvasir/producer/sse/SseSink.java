package dev.kvasir.producer.sse;

/** Takes what a stream of server-sent events says. */
public interface SseSink {

  /**
   * One message: its data lines, joined by line feeds. The bytes are valid during the call only.
   *
   * @param bytes array that holds the message
   * @param from index of the first byte
   * @param to index after the last byte
   */
  void message(byte[] bytes, int from, int to);

  /** A line or message exceeded the parser's limit; the parser takes no further bytes. */
  void oversize(int limitBytes);
}
