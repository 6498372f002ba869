package dev.kvasir.app.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The processors that Kvasir's own processes keep to. The launcher pins the first process before
 * Java starts, so that Java counts its threads by them; children inherit that, servers are given
 * the others back.
 */
public final class Processors {

  /** System property that names the processors which the first process could have used. */
  private static final String ALL = "kvasir.cpus.all";

  private Processors() {}

  /** Whether this process is pinned. */
  public static boolean arePinned() {
    return all() != null;
  }

  /** The processors that servers may use, as Linux lists them; null when nothing is pinned. */
  public static @Nullable String all() {
    return System.getProperty(ALL);
  }

  /** Words before the command of a server, by which it may use every processor. */
  static List<String> freeing() {
    String all = all();
    return all == null ? List.of() : List.of("taskset", "-c", all);
  }

  /** What a child's Java process is told, so that it can free servers that it starts. */
  static List<String> forwarded() {
    String all = all();
    return all == null ? List.of() : List.of("-D" + ALL + "=" + all);
  }
}
