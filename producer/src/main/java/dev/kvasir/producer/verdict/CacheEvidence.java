package dev.kvasir.producer.verdict;

/**
 * How warm a server's caches may have been for a run when it began.
 *
 * @param expected what the plan expects
 * @param prompts different prompts of one pass
 * @param promptTokens tokens of these, as the client counts them
 * @param metTokens of those, how many stand in beginnings of prompts that the server had been sent
 *     before
 * @param ownTokens of those, how many stand in beginnings of the run's own earlier prompts
 * @param againTokens the same where the pass sends its prompts again
 */
public record CacheEvidence(
    Expected expected,
    int prompts,
    double promptTokens,
    double metTokens,
    double ownTokens,
    double againTokens) {

  /** How the caches should be. */
  public enum Expected {
    /** Without any of the run's prompts. */
    COLD,
    /** As earlier runs left them. */
    WARM,
    /** The plan does not say. */
    OPEN
  }

  /** Nothing is known. */
  public static final CacheEvidence NONE = new CacheEvidence(Expected.OPEN, 0, 0, 0, 0, 0);
}
