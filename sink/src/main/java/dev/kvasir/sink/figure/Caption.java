package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.QueryResult;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What stands below a figure: what it shows, over what, and how its marks are to be read. */
final class Caption {

  private final StringBuilder text = new StringBuilder();

  private Caption() {}

  /**
   * The caption.
   *
   * @param marks what is drawn
   * @param absent how many marks have no place on logarithmic axes
   */
  static String of(
      FigureRequest request,
      String xTitle,
      String yTitle,
      List<Mark> marks,
      int absent,
      QueryResult rows,
      Context context) {
    Caption caption = new Caption();
    caption.say(
        xTitle.isEmpty() ? yTitle + "." : "%s against %s.".formatted(yTitle, lowerFirst(xTitle)));
    if (request.kind() == FigureKind.SPEEDUP) {
      caption.baseline(String.valueOf(request.baseline()), rows);
    }
    caption.source(request.kind(), rows);
    caption.runs(context);
    caption.errors(request, marks);
    caption.passes(request);
    caption.hollow(marks, context);
    caption.limits(request, marks);
    if (absent > 0) {
      caption.say("Not shown: %d points at 0, which is on no logarithmic axis.".formatted(absent));
    }
    return caption.text.toString().strip();
  }

  private void say(String sentence) {
    text.append(sentence).append(' ');
  }

  private void baseline(String baseline, QueryResult rows) {
    boolean paired = rows.column("paired").stream().allMatch(Boolean.TRUE::equals);
    say(
        paired
            ? "Relative to %s, run by run of one schedule; above 1 is better.".formatted(baseline)
            : "Relative to %s: its run of the same schedule, else the mean of its runs at the same load and parameters; above 1 is better."
                .formatted(baseline));
  }

  private void source(FigureKind kind, QueryResult rows) {
    if (rows.columns().stream().anyMatch(column -> column.name().equals("load_point"))) {
      Set<String> points = new TreeSet<>();
      rows.column("load_point").forEach(point -> points.add(String.valueOf(point)));
      say("Load: " + String.join(", ", points) + ".");
    }
    if (kind != FigureKind.BREAKDOWN) {
      return;
    }
    Set<String> sources = new TreeSet<>();
    rows.column("source").forEach(source -> sources.add(String.valueOf(source)));
    if (sources.contains("profiler") || sources.contains("server")) {
      say("Stages as the %s reports them.".formatted(String.join(" and the ", sources)));
    } else {
      say(
          "Seen from the client only: what the time before the first token consists of (queueing,"
              + " prefill, transfer) cannot be known, because the server reported no times of stages"
              + " and no profile was imported.");
    }
  }

  private void runs(Context context) {
    String requests = context.range("least_n", "most_n");
    say(
        "Experiment %s; model %s; workload %s; %d %s of %s requests."
            .formatted(
                String.join(", ", context.experiments()),
                context.all("models"),
                context.all("workloads"),
                context.sum("runs"),
                context.sum("runs") == 1 ? "run" : "runs",
                requests == null ? "an unknown number of" : requests));
    if (!context.all("formats").isEmpty()) {
      say("Imported from files of: %s.".formatted(context.all("formats")));
    }
    if (!context.uncounted().isEmpty()) {
      say("Left out: %s.".formatted(context.uncounted()));
    }
  }

  private void errors(FigureRequest request, List<Mark> marks) {
    if (marks.isEmpty()
        || request.kind().shape() == FigureKind.Shape.STEPS
        || request.kind().shape() == FigureKind.Shape.STACKS) {
      return;
    }
    long least = marks.stream().mapToLong(Mark::n).min().orElse(0);
    long most = marks.stream().mapToLong(Mark::n).max().orElse(0);
    say(
        "Means over n = %s repeats%s."
            .formatted(
                least == most ? String.valueOf(least) : least + " to " + most,
                least < 3 ? " (fewer than 3: read with care)" : ""));
    boolean bars = marks.stream().anyMatch(mark -> mark.low() != null);
    if (bars && request.errors() != FigureRequest.Errors.NONE) {
      say("Error bars: %s.".formatted(request.errors().meaning()));
    }
  }

  private void passes(FigureRequest request) {
    switch (request.scope()) {
      case "warm" -> say("Later passes only, the first one left out.");
      case "cold" -> say("First passes only.");
      default -> {}
    }
  }

  private void hollow(List<Mark> marks, Context context) {
    if (marks.stream().noneMatch(Mark::hollow)) {
      return;
    }
    boolean limited = context.sum("unusable") > 0;
    say(
        "Hollow: a lower bound (≥), because of requests that failed or timed out%s."
            .formatted(limited ? ", or a run whose verdict is not usable" : ""));
  }

  private void limits(FigureRequest request, List<Mark> marks) {
    if (marks.stream().anyMatch(Mark::isDetached)) {
      say("inf: every request at once; no line leads there.");
    }
    if (request.yOrUsual().startsWith("attainment")) {
      FigureRequest.Limits slo = request.slo();
      say(
          "Limits: TTFT %s, TPOT %s; failed and unsent requests are misses."
              .formatted(limit(slo.ttftMs(), 125), limit(slo.tpotMs(), 200)));
    }
  }

  private static String limit(@Nullable Double given, int usual) {
    return given == null
        ? "as each run states, else %d ms".formatted(usual)
        : "%s ms".formatted(given.toString().replaceFirst("\\.0$", ""));
  }

  static String lowerFirst(String title) {
    boolean isAcronym = title.length() > 1 && Character.isUpperCase(title.charAt(1));
    return isAcronym || title.isEmpty() || title.matches("P\\d.*")
        ? title
        : Character.toLowerCase(title.charAt(0)) + title.substring(1);
  }
}
