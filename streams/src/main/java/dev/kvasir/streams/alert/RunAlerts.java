package dev.kvasir.streams.alert;

import dev.kvasir.event.AlertRule;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.WindowMeasured;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** The rules of one run and how they stand. Owned by one thread. */
public final class RunAlerts {

  private static final byte FIRST_VERSION = 1;
  private static final byte SECOND_VERSION = 2;
  private static final byte VERSION = 3;
  private static final byte QUIET = 0;
  private static final byte PENDING = 1;
  private static final byte RAISED = 2;
  private static final byte CALMING = 3;

  private final List<Watch> watches;

  private RunAlerts(List<Watch> watches) {
    this.watches = watches;
  }

  /** The rules that a run begins with. */
  public static RunAlerts of(RunStarted run) {
    return new RunAlerts(
        run.getAlerts().stream()
            .map(rule -> new Watch(run.getRun(), rule, new RuleState.Quiet()))
            .toList());
  }

  /** Judges a window or a sample and gives the alerts that follow; true if a state has changed. */
  public boolean observe(SpecificRecord event, Consumer<SpecificRecord> out) {
    boolean changed = false;
    for (Watch watch : watches) {
      changed |=
          switch (event) {
            case WindowMeasured window -> watch.observe(window, out);
            case Sampled sample -> watch.observe(sample, out);
            default -> false;
          };
    }
    return changed;
  }

  /** The rules and their states as bytes. */
  public byte[] toBytes() {
    int length = 1 + Integer.BYTES;
    for (Watch watch : watches) {
      length += 8 * Long.BYTES + 3 * Integer.BYTES + 2;
      length += utf8(watch.rule().getName()).length + utf8(watch.rule().getMetric()).length;
    }
    ByteBuffer out = ByteBuffer.allocate(length).put(VERSION).putInt(watches.size());
    watches.forEach(watch -> put(out, watch));
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  private static void put(ByteBuffer out, Watch watch) {
    AlertRule rule = watch.rule();
    putText(out, rule.getName());
    putText(out, rule.getMetric());
    out.put((byte) (rule.getAbove() ? 1 : 0))
        .putDouble(rule.getThreshold())
        .putInt(rule.getWindowSeconds())
        .putLong(rule.getHoldNanos());
    switch (watch.state()) {
      case RuleState.Quiet() -> out.put(QUIET).putLong(0);
      case RuleState.Pending(long since) -> out.put(PENDING).putLong(since);
      case RuleState.Raised() -> out.put(RAISED).putLong(0);
      case RuleState.Calming(long since) -> out.put(CALMING).putLong(since);
    }
    Double clear = rule.getClearAt();
    out.putDouble(clear == null ? Double.NaN : clear)
        .putLong(watch.drift().firstEnd())
        .putDouble(watch.drift().base())
        .putLong(watch.lastAt());
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are of another version
   */
  public static RunAlerts fromBytes(long run, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte version = in.get();
    if (version < FIRST_VERSION || version > VERSION) {
      throw new IllegalArgumentException(
          "alerts of run %d have version %d; this program reads %d to %d"
              .formatted(run, version, FIRST_VERSION, VERSION));
    }
    List<Watch> watches = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      watches.add(watch(run, version, in));
    }
    return new RunAlerts(watches);
  }

  private static Watch watch(long run, byte version, ByteBuffer in) {
    String name = text(in);
    String metric = text(in);
    boolean above = in.get() == 1;
    double threshold = in.getDouble();
    int seconds = in.getInt();
    long hold = in.getLong();
    RuleState state = state(in.get(), in.getLong());
    if (version == FIRST_VERSION) {
      AlertRule rule = new AlertRule(name, metric, above, threshold, seconds, hold, null);
      return new Watch(run, rule, state);
    }
    double clear = in.getDouble();
    AlertRule rule =
        new AlertRule(
            name, metric, above, threshold, seconds, hold, Double.isNaN(clear) ? null : clear);
    Drift drift = Drift.restored(metric, in.getLong(), in.getDouble());
    long lastAt = version == SECOND_VERSION ? Watch.NEVER : in.getLong();
    return new Watch(run, rule, state, drift, lastAt);
  }

  private static RuleState state(byte kind, long since) {
    return switch (kind) {
      case QUIET -> new RuleState.Quiet();
      case PENDING -> new RuleState.Pending(since);
      case RAISED -> new RuleState.Raised();
      case CALMING -> new RuleState.Calming(since);
      default -> throw new IllegalArgumentException("a rule has the unknown state " + kind);
    };
  }

  private static void putText(ByteBuffer out, String text) {
    byte[] bytes = utf8(text);
    out.putInt(bytes.length).put(bytes);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
