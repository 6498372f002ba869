package dev.kvasir.producer.calibration;

import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.exchange.EventSink;
import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;
import org.apache.avro.specific.SpecificRecord;

/** The stamps of a load's tokens, and what they say beside the emissions. Owned by one loop. */
final class StampLog implements EventSink {

  private static final long LARGEST_NANOS = 3_600_000_000_000L;

  private final long[][] stamps;
  private final EventSink next;

  /**
   * A log without stamps.
   *
   * @param next takes every event after the log
   */
  StampLog(Trial trial, EventSink next) {
    this.stamps = new long[trial.streams()][trial.tokens()];
    this.next = next;
  }

  @Override
  public void accept(SpecificRecord event) {
    if (event instanceof TokenReceived token && token.getOrdinal() >= 0) {
      stamps[token.getOrdinal()][token.getIndex()] = token.getAt();
    }
    next.accept(event);
  }

  /**
   * Stamps against emissions.
   *
   * @param lag stamp minus emission
   * @param gap between the stamps of a stream
   * @param trueGap between the emissions of a stream
   * @param missing emissions without a stamp
   */
  record Comparison(Histogram lag, Histogram gap, Histogram trueGap, long missing) {}

  /**
   * Compares.
   *
   * @param emissions emissions as the emitter tells them, each stream's in order
   * @param epochOffset epoch time of a stamp minus its monotonic time
   */
  Comparison against(byte[] emissions, long epochOffset) {
    Comparison found =
        new Comparison(new Histogram(3), new Histogram(3), new Histogram(3), missing(emissions));
    long[] earlier = new long[stamps.length];
    for (ByteBuffer rest = ByteBuffer.wrap(emissions); rest.hasRemaining(); ) {
      int ordinal = rest.getInt();
      int index = rest.getInt();
      long emitted = rest.getLong();
      long stamp = stamps[ordinal][index];
      if (stamp != 0) {
        record(found.lag, stamp - epochOffset - emitted);
      }
      if (index > 0 && stamp != 0 && stamps[ordinal][index - 1] != 0) {
        record(found.gap, stamp - stamps[ordinal][index - 1]);
        record(found.trueGap, emitted - earlier[ordinal]);
      }
      earlier[ordinal] = emitted;
    }
    return found;
  }

  private long missing(byte[] emissions) {
    long missing = 0;
    for (ByteBuffer rest = ByteBuffer.wrap(emissions); rest.hasRemaining(); rest.getLong()) {
      missing += stamps[rest.getInt()][rest.getInt()] == 0 ? 1 : 0;
    }
    return missing;
  }

  private static void record(Histogram into, long nanos) {
    into.recordValue(Math.clamp(nanos, 0, LARGEST_NANOS));
  }
}
