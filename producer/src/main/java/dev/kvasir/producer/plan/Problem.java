package dev.kvasir.producer.plan;

/**
 * One thing that is wrong with a plan.
 *
 * @param where file and line, as {@code plan.yaml:12}, or the option
 * @param what what was found
 * @param expected what would be right, and how to get there
 */
public record Problem(String where, String what, String expected) {

  /** {@code plan.yaml:12: rate is -5; it must be above 0 requests per second, or inf}. */
  public String text() {
    return "%s: %s; %s".formatted(where, what, expected);
  }
}
