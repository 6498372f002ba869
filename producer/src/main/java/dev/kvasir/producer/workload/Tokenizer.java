package dev.kvasir.producer.workload;

import java.util.List;

/** Counts tokens, and knows words whose count is certain. */
interface Tokenizer {

  /** Its name in run records. */
  String name();

  /** Tokens of a prompt's text, with those that mark its start or end. */
  int count(String text);

  /** Tokens that mark the start and the end of every prompt; 0 when nothing does. */
  int marks();

  /**
   * Words that are one token each, at the start of a text as well as after a space: n of them,
   * joined by spaces, are n tokens, marks aside. Always in the same order.
   *
   * @throws DatasetException if the tokenizer has no such words
   */
  List<String> words();
}
