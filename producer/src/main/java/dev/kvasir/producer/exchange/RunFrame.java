package dev.kvasir.producer.exchange;

import dev.kvasir.time.EpochAnchor;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of one run have in common.
 *
 * @param run run number
 * @param anchor makes epoch times of monotonic ones
 * @param dialect how the server's messages are read
 * @param ttftSloNanos limit of the time to first token; null for none
 * @param tpotSloNanos limit of the time per output token; null for none
 * @param timeoutNanos a request ends as a timeout after this long since it was sent
 * @param recordText whether the output text goes into its event
 * @param secrets what no event may hold
 */
public record RunFrame(
    long run,
    EpochAnchor anchor,
    Dialect dialect,
    @Nullable Long ttftSloNanos,
    @Nullable Long tpotSloNanos,
    long timeoutNanos,
    boolean recordText,
    Secrets secrets) {

  /** A run with nothing to hide. */
  public RunFrame(
      long run,
      EpochAnchor anchor,
      Dialect dialect,
      @Nullable Long ttftSloNanos,
      @Nullable Long tpotSloNanos,
      long timeoutNanos,
      boolean recordText) {
    this(run, anchor, dialect, ttftSloNanos, tpotSloNanos, timeoutNanos, recordText, Secrets.NONE);
  }
}
