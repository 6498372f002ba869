package dev.kvasir.streams.pane;

import dev.kvasir.event.RunFinished;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What the merge of a run is told. */
public sealed interface Report {

  /** The pane of everything that came too late for a pane of its own second. */
  long BEYOND = Long.MIN_VALUE;

  long run();

  /**
   * The pane of one second in one partition, in full; it replaces the one before.
   *
   * @param run run number
   * @param partition partition
   * @param second epoch second, or {@link #BEYOND}
   * @param pane the pane as bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on and never compared.
  record PaneChanged(long run, int partition, long second, byte[] pane) implements Report {}

  /**
   * How a run stands in one partition, whether or not anything happened.
   *
   * @param run run number
   * @param partition partition
   * @param at epoch nanoseconds, on the clock of the run's events
   * @param events events of the run seen in the partition, all phases
   * @param oldestWaitNanos longest wait for a first token, nanoseconds since due; null for none
   * @param undecodable records that the partition's task could not decode, in every run
   */
  record Pulse(
      long run,
      int partition,
      long at,
      long events,
      @Nullable Long oldestWaitNanos,
      long undecodable)
      implements Report {}

  /**
   * The run has finished.
   *
   * @param run run number
   * @param at epoch nanoseconds of the end
   * @param events events that were published of the run's requests and tokens, all phases
   */
  record RunEnded(long run, long at, long events) implements Report {

    /** The end that an event tells of, or nothing. */
    public static List<Report> of(@Nullable SpecificRecord event) {
      if (!(event instanceof RunFinished end)) {
        return List.of();
      }
      long events = end.getRequestsSent() + end.getRequestsFinished() + end.getTokensReceived();
      return List.of(new RunEnded(end.getRun(), end.getAt(), events));
    }
  }

  private static ByteBuffer begin(int length, char kind, long run) {
    return ByteBuffer.allocate(2 + Long.BYTES + length)
        .put(Codec.VERSION)
        .put((byte) kind)
        .putLong(run);
  }

  /** The report as bytes. */
  default byte[] toBytes() {
    return switch (this) {
      case PaneChanged(long run, int partition, long second, byte[] pane) ->
          begin(Integer.BYTES + Long.BYTES + pane.length, Codec.PANE, run)
              .putInt(partition)
              .putLong(second)
              .put(pane)
              .array();
      case Pulse pulse ->
          begin(Integer.BYTES + 4 * Long.BYTES, Codec.PULSE, pulse.run)
              .putInt(pulse.partition)
              .putLong(pulse.at)
              .putLong(pulse.events)
              .putLong(pulse.oldestWaitNanos == null ? Codec.NONE : pulse.oldestWaitNanos)
              .putLong(pulse.undecodable)
              .array();
      case RunEnded(long run, long at, long events) ->
          begin(2 * Long.BYTES, Codec.ENDED, run).putLong(at).putLong(events).array();
    };
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no report of this version
   */
  static Report fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != Codec.VERSION) {
        throw new IllegalArgumentException(
            "a report has version " + version + "; this program reads " + Codec.VERSION);
      }
      return Codec.read((char) in.get(), in.getLong(), in);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(bytes.length + " bytes are no whole report", e);
    }
  }

  /** The layout of reports. */
  final class Codec {

    private static final byte VERSION = 1;
    private static final char PANE = 'p';
    private static final char PULSE = 'u';
    private static final char ENDED = 'e';
    private static final long NONE = Long.MIN_VALUE;

    private Codec() {}

    private static Report read(char kind, long run, ByteBuffer in) {
      return switch (kind) {
        case PANE -> {
          int partition = in.getInt();
          long second = in.getLong();
          byte[] pane = new byte[in.remaining()];
          in.get(pane);
          yield new PaneChanged(run, partition, second, pane);
        }
        case PULSE -> {
          int partition = in.getInt();
          long at = in.getLong();
          long events = in.getLong();
          long wait = in.getLong();
          yield new Pulse(run, partition, at, events, wait == NONE ? null : wait, in.getLong());
        }
        case ENDED -> new RunEnded(run, in.getLong(), in.getLong());
        default -> throw new IllegalArgumentException("a report has the unknown kind " + kind);
      };
    }
  }
}
