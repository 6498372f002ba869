package dev.kvasir.streams.pane;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestReported;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.metric.TokenMetrics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Every run in one partition. A run that is silent rests after {@link #RESTING}, or after {@link
 * #ABANDONED} if requests are still in flight: only its counts are kept, with which it goes on when
 * something comes again. It is forgotten after {@link #FORGOTTEN}, or once {@link #MOST_RESTING}
 * others have come to rest after it. Owned by one thread.
 */
public final class PartitionRuns {

  /** How long a run's standing is reported while nothing comes and nothing is in flight. */
  static final Duration SETTLED = Duration.ofSeconds(60);

  static final Duration RESTING = Duration.ofMinutes(15);
  static final Duration ABANDONED = Duration.ofHours(1);
  static final Duration FORGOTTEN = Duration.ofDays(7);
  static final int MOST_RESTING = 2_000;

  /** Lease epoch of what no generator sent. */
  private static final int IMPORTED = -1;

  private final int partition;
  private final Map<Long, PartitionRun> runs = new HashMap<>();

  private final SequencedMap<Long, Resting> resting = new LinkedHashMap<>();
  private final Map<Long, PartitionRun> unsavedRests = new HashMap<>();
  private final Map<Long, PartitionRun> forgotten = new HashMap<>();
  private long passedNanos;
  private @Nullable PartitionRun current;
  private long currentRun;

  /** A run, and how much time had passed when it came to rest. */
  private record Resting(PartitionRun run, long sinceNanos) {}

  public PartitionRuns(int partition) {
    this.partition = partition;
  }

  /**
   * Folds an event; false if the event is none of a request or a token. What was imported was
   * measured elsewhere and at another time, and belongs to no live window.
   */
  public boolean accept(SpecificRecord event) {
    switch (event) {
      case TokenReceived token when TokenMetrics.imported(token) -> {}
      case RequestSent sent when sent.getEpoch() == IMPORTED -> {}
      case RequestFinished finished when finished.getEpoch() == IMPORTED -> {}
      case RequestReported imported -> {}
      case TokenReceived token -> run(token.getRun()).accept(token);
      case RequestSent sent -> run(sent.getRun()).accept(sent);
      case RequestFinished finished -> run(finished.getRun()).accept(finished);
      default -> {
        return false;
      }
    }
    return true;
  }

  private PartitionRun run(long number) {
    PartitionRun found = current;
    if (found != null && currentRun == number) {
      return found;
    }
    found = runs.computeIfAbsent(number, this::begun);
    current = found;
    currentRun = number;
    return found;
  }

  private PartitionRun begun(long number) {
    Resting rested = resting.remove(number);
    return rested == null ? new PartitionRun(number) : rested.run();
  }

  /**
   * Lets time pass and reports every changed pane and how every run stands.
   *
   * @param elapsedNanos time since the last call, nanoseconds
   * @param undecodable records that could not be decoded so far
   */
  public void tick(long elapsedNanos, long undecodable, Consumer<Report> out) {
    passedNanos += elapsedNanos;
    forgetResting();
    var all = runs.entrySet().iterator();
    while (all.hasNext()) {
      var entry = all.next();
      PartitionRun run = entry.getValue();
      run.pass(elapsedNanos);
      run.reportPanes(partition, out);
      if (comesToRest(run)) {
        run.rest();
        resting.putLast(entry.getKey(), new Resting(run, passedNanos));
        unsavedRests.put(entry.getKey(), run);
        all.remove();
        current = null;
      } else if (run.open() || run.silenceNanos() <= SETTLED.toNanos()) {
        out.accept(run.pulse(partition, undecodable));
      }
    }
  }

  private static boolean comesToRest(PartitionRun run) {
    Duration limit = run.open() ? ABANDONED : RESTING;
    return run.silenceNanos() > limit.toNanos() || run.hasRested();
  }

  private void forgetResting() {
    while (!resting.isEmpty() && isForgotten(resting.firstEntry().getValue())) {
      var eldest = resting.pollFirstEntry();
      unsavedRests.remove(eldest.getKey());
      forgotten.put(eldest.getKey(), eldest.getValue().run());
    }
  }

  private boolean isForgotten(Resting eldest) {
    return resting.size() > MOST_RESTING || passedNanos - eldest.sinceNanos() > FORGOTTEN.toNanos();
  }

  /** Gives every change since the last call. */
  public void save(StateWriter out) {
    forgotten.values().forEach(run -> run.forget(out));
    forgotten.clear();
    unsavedRests.values().forEach(run -> run.save(out));
    unsavedRests.clear();
    runs.values().forEach(run -> run.save(out));
  }

  /**
   * Takes back one entry that {@link #save} gave.
   *
   * @throws IllegalArgumentException if the key is none of ours
   */
  public void restore(byte[] key, byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(key);
    byte kind = in.get();
    PartitionRun run = run(in.getLong());
    switch (kind) {
      case RunKey.HEAD -> run.restoreHead(value);
      case RunKey.PANE -> run.restorePane(in.getLong(), value);
      case RunKey.WAIT -> run.restoreWait(in.getInt(), value);
      case RunKey.LEASE -> run.restoreLease(in.getInt(), value);
      default -> throw new IllegalArgumentException("state has the unknown kind " + (char) kind);
    }
  }
}
