package dev.kvasir.producer.verdict;

/**
 * How warm a server's caches may have been for a run when it began.
 *
 * @param expected what the plan expects
 * @param promptTokens tokens of the prompts of one pass, as the client counts them
 * @param metTokens of those, how many stand in beginnings of prompts that the server had been sent
 *     before
 * @param ownTokens of those, how many stand in beginnings of the run's own earlier prompts
 */
public record CacheEvidence(
    Expected expected, double promptTokens, double metTokens, double ownTokens) {

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
  public static final CacheEvidence NONE = new CacheEvidence(Expected.OPEN, 0, 0, 0);
}
