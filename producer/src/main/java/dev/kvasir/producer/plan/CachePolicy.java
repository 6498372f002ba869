package dev.kvasir.producer.plan;

import java.util.List;

/**
 * How warm the server's caches may be when a run begins.
 *
 * @param salt how often the text changes that is put before every prompt
 * @param resets what empties the caches before each run, in order
 * @param said whether the plan says so, rather than leaving it open
 */
public record CachePolicy(Salting salt, List<CacheReset> resets, boolean said) {

  /** A plan that says nothing. */
  public static final CachePolicy OPEN = new CachePolicy(Salting.NONE, List.of(), false);

  public CachePolicy {
    resets = List.copyOf(resets);
  }

  /** How often the text changes that is put before every prompt. */
  public enum Salting {
    /** No text is put there. */
    NONE("none"),
    /** Every run has its own, so that no run meets another's prompts. */
    RUN("run"),
    /** The runs of one repeat share it, so that every strategy gets the same prompts. */
    REPEAT("repeat"),
    /** Every run has its own, and another one each time that it sends its prompts again. */
    CYCLE("cycle");

    private final String text;

    Salting(String text) {
      this.text = text;
    }

    /** The name that plans use. */
    public String text() {
      return text;
    }
  }

  /** The same with other resets where a strategy has its own. */
  public CachePolicy with(List<CacheReset> own) {
    return own.isEmpty() ? this : new CachePolicy(salt, own, true);
  }
}
