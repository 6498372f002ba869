package dev.kvasir.producer.workload;

import java.util.List;

/** Counts tokens, and knows words whose count is certain. */
interface Tokenizer {

  /** Its name in run records. */
  String name();

  /** Tokens of the text, without any that mark its start or end. */
  int count(String text);

  /**
   * Words that are one token each, at the start of a text as well as after a space: n of them,
   * joined by spaces, are n tokens. Always in the same order.
   */
  List<String> words();
}
