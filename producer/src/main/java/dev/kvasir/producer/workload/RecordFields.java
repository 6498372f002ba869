package dev.kvasir.producer.workload;

import org.jspecify.annotations.Nullable;

/**
 * Which fields of a record are used; null for the usual ones.
 *
 * @param prompt name of the prompt's field, or a template such as <code>{context} {question}</code>
 * @param answer name of a text whose tokens are the output length to ask for
 * @param outputTokens name of the number of output tokens
 */
public record RecordFields(
    @Nullable String prompt, @Nullable String answer, @Nullable String outputTokens) {

  /** The usual ones. */
  public static final RecordFields USUAL = new RecordFields(null, null, null);
}
