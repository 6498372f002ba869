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
 * @param epoch lease epoch under which the requests are sent; 0 where nobody shares the run
 */
public record RunFrame(
    long run,
    EpochAnchor anchor,
    Dialect dialect,
    @Nullable Long ttftSloNanos,
    @Nullable Long tpotSloNanos,
    long timeoutNanos,
    boolean recordText,
    Secrets secrets,
    int epoch) {

  /** A run that nobody shares. */
  public RunFrame(
      long run,
      EpochAnchor anchor,
      Dialect dialect,
      @Nullable Long ttftSloNanos,
      @Nullable Long tpotSloNanos,
      long timeoutNanos,
      boolean recordText,
      Secrets secrets) {
    this(run, anchor, dialect, ttftSloNanos, tpotSloNanos, timeoutNanos, recordText, secrets, 0);
  }

  /** A run with nothing to hide that nobody shares. */
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

  /** The same under a lease. */
  public RunFrame underEpoch(int lease) {
    return new RunFrame(
        run, anchor, dialect, ttftSloNanos, tpotSloNanos, timeoutNanos, recordText, secrets, lease);
  }
}
