package dev.kvasir.streams.pane;

import dev.kvasir.metric.LatencySketch;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one second of a run, or in several merged: counters and latency sketches. Owned
 * by one thread.
 */
public final class Pane {

  /** What is counted. The places are part of the encoding: add at the end. */
  public enum Counter {
    /** Content chunks, measured. */
    CHUNKS(0),
    /** Output tokens, measured; a chunk of unknown size counts as one. */
    TOKENS(1),
    /** Requests sent, measured. */
    SENT(2),
    /** Requests that ended well, measured. */
    OK(3),
    /** Requests that ended otherwise, measured. */
    FAILED(4),
    /** Of those, timeouts. */
    TIMEOUTS(5),
    /** Requests that attained both limits, measured. */
    ATTAINED(6),
    /** Requests that met the limit of the time to first token, measured. */
    ATTAINED_TTFT(7),
    /** Requests that met the limit of the time per output token, measured. */
    ATTAINED_TPOT(8),
    /** Change of the number of requests in flight, all phases. */
    IN_FLIGHT(9),
    /** Change of the number of requests that wait for their first token, all phases. */
    WAITING(10),
    /** Change of the number of measured requests that wait and are past their limit. */
    BREACHED(11);

    private final int place;

    Counter(int place) {
      this.place = place;
    }
  }

  /** What is timed, in nanoseconds, measured requests only. The order is part of the encoding. */
  public enum Latency {
    /** Time to first token since due. */
    TTFT,
    /** Time to first token since sent. */
    TTFT_SENT,
    /** Gap between content chunks. */
    ITL,
    /** Time per output token. */
    TPOT,
    /** Time from due to the last content. */
    E2E
  }

  private static final byte VERSION = 1;
  private static final Counter[] COUNTERS = Counter.values();
  private static final Latency[] LATENCIES = Latency.values();

  private final long[] counts = new long[COUNTERS.length];
  private final Map<Latency, LatencySketch> sketches = new EnumMap<>(Latency.class);

  /** Adds to a counter. */
  public void count(Counter counter, long amount) {
    counts[counter.place] += amount;
  }

  public long count(Counter counter) {
    return counts[counter.place];
  }

  /** Adds one latency, nanoseconds. */
  public void time(Latency latency, double nanos) {
    LatencySketch sketch = sketches.get(latency);
    if (sketch == null) {
      sketch = new LatencySketch();
      sketches.put(latency, sketch);
    }
    sketch.add(nanos);
  }

  /** The values of a latency; null for none. */
  public @Nullable LatencySketch sketch(Latency latency) {
    return sketches.get(latency);
  }

  /** Adds everything in another pane, which stays as it is. */
  public void merge(Pane other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    other.sketches.forEach((latency, sketch) ->
        sketches.computeIfAbsent(latency, absent -> new LatencySketch()).merge(sketch));
  }

  /** The pane as bytes: a version, the counters as signed varints, the sketches with lengths. */
  public byte[] toBytes() {
    List<byte[]> encoded = new ArrayList<>(LATENCIES.length);
    int length = 1 + (COUNTERS.length + LATENCIES.length) * Varint.MAX_BYTES;
    for (Latency latency : LATENCIES) {
      LatencySketch sketch = sketches.get(latency);
      byte[] bytes = sketch == null ? new byte[0] : sketch.toBytes();
      encoded.add(bytes);
      length += bytes.length;
    }
    ByteBuffer out = ByteBuffer.allocate(length).put(VERSION);
    for (long count : counts) {
      Varint.put(out, count);
    }
    for (byte[] sketch : encoded) {
      Varint.put(out, sketch.length);
      out.put(sketch);
    }
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no pane of this version
   */
  public static Pane fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "a pane has version " + version + "; this program reads version " + VERSION);
      }
      return read(in);
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new IllegalArgumentException(bytes.length + " bytes are no whole pane", e);
    }
  }

  private static Pane read(ByteBuffer in) {
    Pane pane = new Pane();
    for (int i = 0; i < COUNTERS.length; i++) {
      pane.counts[i] = Varint.get(in);
    }
    for (Latency latency : LATENCIES) {
      long length = Varint.get(in);
      if (length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] sketch = new byte[(int) length];
      in.get(sketch);
      if (length > 0) {
        pane.sketches.put(latency, LatencySketch.fromBytes(sketch));
      }
    }
    return pane;
  }
}
