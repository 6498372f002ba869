package dev.kvasir.app.pipeline;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the disk of a home, and says when its level changes. One thread uses it. */
public final class DiskWatch {

  private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);

  private static final String SEEN = "the room on the disk is level={} free_bytes={} text=\"{}\"";
  private static final String REMEDY = "free some room, or move the home with --home";

  private final Home home;
  private final boolean ofRuns;
  private final Reading reading;
  private DiskLevel level = DiskLevel.NORMAL;
  private boolean readable = true;

  /** Reads how much room there is. */
  @FunctionalInterface
  interface Reading {
    DiskSpace now() throws IOException;
  }

  DiskWatch(Home home, boolean ofRuns, Reading reading) {
    this.home = home;
    this.ofRuns = ofRuns;
    this.reading = reading;
  }

  /** Watches the device of a home where runs are made, which a full one stops. */
  public static DiskWatch of(Home home) {
    return new DiskWatch(home, true, () -> DiskSpace.of(home.folder()));
  }

  /** Watches the device of a home of one stage, which goes on as long as it can. */
  public static DiskWatch ofStage(Home home) {
    return new DiskWatch(home, false, () -> DiskSpace.of(home.folder()));
  }

  /** A level that was reached. */
  record Change(DiskLevel level, DiskSpace space, String text) {}

  /** Looks; what changed as a sentence, null when nothing did. */
  public @Nullable String look() {
    Change change = change();
    return change == null ? null : change.text();
  }

  /** Looks; null when the level is what it was, or cannot be told. */
  @Nullable Change change() {
    DiskSpace space = read();
    DiskLevel next = space == null ? level : level.then(space);
    if (space == null || next == level) {
      return null;
    }
    level = next;
    Change change = new Change(next, space, text(next, space));
    if (next == DiskLevel.NORMAL) {
      LOG.info(SEEN, next, space.free(), change.text());
    } else {
      LOG.warn(SEEN, next, space.free(), change.text());
    }
    return change;
  }

  private @Nullable DiskSpace read() {
    try {
      DiskSpace space = reading.now();
      readable = true;
      return space;
    } catch (IOException e) {
      if (readable) {
        LOG.warn(
            "the room on the disk is not known now home={} reason=\"{}\"",
            home.folder(),
            e.toString());
      }
      readable = false;
      return null;
    }
  }

  private String text(DiskLevel reached, DiskSpace space) {
    String left =
        "the disk of %s has %s left".formatted(home.folder(), DiskSpace.words(space.free()));
    String stop = DiskSpace.words(DiskLevel.fullBelow(space.total()));
    return switch (reached) {
      case NORMAL -> left + ", which is enough again";
      case NEARLY_FULL -> "%s; at %s %s: %s".formatted(left, stop, atTheLimit(), REMEDY);
      case FULL -> "%s, and below %s %s: %s".formatted(left, stop, belowTheLimit(), REMEDY);
    };
  }

  private String atTheLimit() {
    return ofRuns ? "runs are stopped" : "/ready says no";
  }

  private String belowTheLimit() {
    return ofRuns ? "no run is made; what was measured is kept" : "/ready says no";
  }
}
