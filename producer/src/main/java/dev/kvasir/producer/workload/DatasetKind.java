package dev.kvasir.producer.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** What the records of a file are. */
public enum DatasetKind {
  /** Conversations in ShareGPT's shape. */
  SHAREGPT,
  /** Requests with their times and lengths. */
  TRACE,
  /** Prompts. */
  PROMPTS;

  /**
   * Recognises a file by its first record: one with {@code conversations} is ShareGPT's, one with a
   * time and a length is a trace's; everything else, also what cannot be read, is taken for
   * prompts, whose loading names what is wrong.
   */
  public static DatasetKind of(String file, Datasets datasets) {
    try {
      JsonNode first = new RecordReader(file, false).first(datasets);
      if (first == null) {
        return PROMPTS;
      }
      if (first.has("conversations")) {
        return SHAREGPT;
      }
      return TraceRequest.isOne(first) ? TRACE : PROMPTS;
    } catch (IOException unreadable) {
      return PROMPTS;
    }
  }
}
