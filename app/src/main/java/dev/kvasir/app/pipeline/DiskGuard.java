package dev.kvasir.app.pipeline;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.time.WallClock;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the disk of a home while runs are made: a run during which it is nearly full has the
 * alert {@value #RULE}, and once it is full nothing more is to be made. One thread uses it.
 */
public final class DiskGuard {

  /** The alert's rule. */
  public static final String RULE = "disk-nearly-full";

  private static final String METRIC = "disk_free_bytes";

  private final Home home;
  private final DiskWatch watch;
  private final WallClock clock;
  private final Consumer<SpecificRecord> alerts;
  private DiskWatch.@Nullable Change low;
  private @Nullable Long run;
  private boolean raised;
  private boolean alerted;
  private boolean full;

  /**
   * @param alerts takes the events
   */
  DiskGuard(Home home, DiskWatch watch, WallClock clock, Consumer<SpecificRecord> alerts) {
    this.home = home;
    this.watch = watch;
    this.clock = clock;
    this.alerts = alerts;
  }

  /** Guards the device that a home lies on. */
  public static DiskGuard of(Home home, AlertWriter alerts) {
    return new DiskGuard(home, DiskWatch.of(home), WallClock.system(), alerts::write);
  }

  /** Takes in which run goes on. */
  public void hear(@Nullable GeneratorNews news) {
    if (news instanceof GeneratorNews.Started started) {
      run = started.run();
      raised = false;
      raise();
    }
    if (news instanceof GeneratorNews.Finished) {
      run = null;
    }
  }

  /** Looks at the disk; what changed as a sentence, null when nothing did. */
  public @Nullable String look() {
    DiskWatch.Change change = watch.change();
    if (change == null) {
      return null;
    }
    low = change.level() == DiskLevel.NORMAL ? null : change;
    full |= change.level() == DiskLevel.FULL;
    if (low == null) {
      clear(change.space());
    } else {
      raise();
    }
    return change.text();
  }

  private void raise() {
    if (low == null || run == null || raised) {
      return;
    }
    raised = true;
    alerted = true;
    DiskSpace space = low.space();
    alerts.accept(
        new AlertRaised(
            run,
            clock.epochNanos(),
            RULE,
            METRIC,
            (double) space.free(),
            (double) DiskLevel.nearlyFullBelow(space.total())));
  }

  private void clear(DiskSpace space) {
    if (run != null && raised) {
      raised = false;
      alerts.accept(new AlertCleared(run, clock.epochNanos(), RULE, METRIC, (double) space.free()));
    }
  }

  /** Whether the disk was full once: what goes on is to end. */
  public boolean isFull() {
    return full;
  }

  /** Whether a run has had the alert. */
  public boolean hasAlerted() {
    return alerted;
  }

  /** Why a run ends that is stopped for it. */
  public String reason() {
    return "the disk of %s was nearly full".formatted(home.folder());
  }
}
