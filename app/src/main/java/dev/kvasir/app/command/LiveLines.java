package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.LiveRun;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.LatencySummary;
import dev.kvasir.event.Phase;
import dev.kvasir.event.WindowMeasured;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is going on, on a terminal: one redrawn line for each run that goes on; elsewhere a plain
 * line now and then. One thread uses it.
 */
final class LiveLines {

  private static final int BAR = 16;
  private static final int PLAIN_EVERY = 40;
  private static final String CLEAR = "\u001b[K";

  private final Terminal terminal;
  private final int columns;
  private int drawn;
  private int calls;

  LiveLines(Terminal terminal) {
    this.terminal = terminal;
    this.columns = terminal.columns();
  }

  /**
   * Shows how runs stand; called four times a second.
   *
   * @param prefix what stands before each line, such as how many runs are done
   */
  void show(String prefix, List<LiveRun> active) {
    if (!terminal.interactive()) {
      if (++calls % PLAIN_EVERY == 0) {
        active.forEach(run -> terminal.err().println(prefix + line(run)));
      }
      return;
    }
    List<String> lines = new ArrayList<>();
    active.forEach(run -> lines.add(cut(prefix + line(run))));
    redraw(lines);
  }

  /** Prints a line that stays. */
  void say(String text) {
    redraw(List.of());
    terminal.err().println(text);
  }

  /** Takes the redrawn lines away. */
  void clear() {
    redraw(List.of());
  }

  private void redraw(List<String> lines) {
    if (!terminal.interactive() || (drawn == 0 && lines.isEmpty())) {
      return;
    }
    PrintWriter err = terminal.err();
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\u001b[").append(drawn).append('A');
    }
    lines.forEach(line -> text.append('\r').append(line).append(CLEAR).append('\n'));
    int left = drawn - lines.size();
    if (left > 0) {
      text.append(("\r" + CLEAR + "\n").repeat(left)).append("\u001b[").append(left).append('A');
    }
    err.print(text);
    err.flush();
    drawn = lines.size();
  }

  private String cut(String line) {
    return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 2)) + "…";
  }

  static String line(LiveRun run) {
    StringBuilder line = new StringBuilder();
    line.append(run.started().getCell()).append(" r").append(run.started().getRepeat());
    WindowMeasured whole = run.whole();
    if (!run.alerts().isEmpty()) {
      line.append("  ALERT ");
      line.append(
          run.alerts().stream().map(AlertRaised::getRule).collect(Collectors.joining(", ")));
    }
    long done = whole == null ? 0 : whole.getOk() + whole.getFailed();
    line.append(' ').append(progress(run, done));
    if (run.phase() == Phase.WARM_UP) {
      return line.append("  warming up").toString();
    }
    line.append(run.phase() == Phase.COOL_DOWN ? "  cooling down" : "");
    if (whole == null) {
      return line.toString();
    }
    WindowMeasured recent = run.recent() == null ? whole : run.recent();
    line.append("  TTFT ").append(latency(recent.getTtft()));
    line.append("  ITL ").append(latency(recent.getItl()));
    line.append("  attained ").append(TextTable.percent(whole.getAttainment()));
    line.append("  ").append(TextTable.number(run.tokensPerSecond())).append(" tok/s");
    line.append("  in flight ").append(recent.getInFlight());
    line.append("  failed ").append(whole.getFailed());
    return line.toString();
  }

  /** By requests where their number is planned, else by time. */
  private static String progress(LiveRun run, long done) {
    Long planned = run.started().getPlannedRequests();
    if (planned != null && planned > 0) {
      return "%s%d/%d".formatted(bar((double) done / planned), done, planned);
    }
    Long length = run.started().getLoad().getDurationNanos();
    Long from = run.measuredFrom();
    WindowMeasured whole = run.whole();
    if (length == null || from == null || whole == null) {
      return done + " done";
    }
    long passed = Math.clamp(TimeUnit.SECONDS.toNanos(whole.getEndSecond()) - from, 0, length);
    return "%s%s of %s, %d done"
        .formatted(
            bar((double) passed / length),
            PlanWords.of(Duration.ofNanos(passed)),
            PlanWords.of(Duration.ofNanos(length)),
            done);
  }

  private static String bar(double share) {
    int full = (int) Math.min(BAR, BAR * share);
    return "▕%s%s▏".formatted("█".repeat(full), "░".repeat(BAR - full));
  }

  private static String latency(@Nullable LatencySummary summary) {
    return summary == null
        ? "-"
        : "%s/%s ms"
            .formatted(
                TextTable.number(summary.getP50Nanos() / 1e6),
                TextTable.number(summary.getP99Nanos() / 1e6));
  }
}
