package dev.kvasir.app.command;

import static java.util.Objects.requireNonNull;

import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.arrival.ThinkTime;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PublishableRules;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Search;
import dev.kvasir.producer.plan.Variant;
import dev.kvasir.producer.search.RateSearch;
import dev.kvasir.producer.search.SearchSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a plan would do. */
final class PlanOutline {

  private final Plan plan;
  private final Matrix matrix;

  PlanOutline(Plan plan) {
    this.plan = plan;
    this.matrix = plan.search() == null ? Matrix.of(plan) : new Matrix(List.of());
  }

  /** The outline for scripts. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("experiment", plan.experiment());
    if (plan.search() == null) {
      facts.put("runs", matrix.runs().size());
      facts.put("requests", matrix.requests());
      facts.put("runs_of_unknown_requests", matrix.runsOfUnknownSize());
      facts.put("warm_up_requests", matrix.warmUpRequests());
      facts.put("server_starts", matrix.serverStarts());
      facts.put("servers", LaunchWords.of(matrix).facts());
      facts.put("passes", plan.play().passes());
      facts.put("scheduled_seconds", matrix.scheduledDuration().toMillis() / 1e3);
      facts.put("runs_of_unknown_duration", matrix.runsOfUnknownDuration());
      facts.put("cells", matrix.runs().stream().map(RunSpec::cell).distinct().toList());
      facts.put("kv_bytes", kvBytes());
    } else {
      SearchSettings settings = plan.search().settings();
      facts.put("variants", plan.variants().stream().map(Variant::text).toList());
      facts.put("search_from", settings.from());
      facts.put("search_to", settings.to());
      facts.put("fewest_runs", plan.variants().size() * RateSearch.fewestRuns(settings));
      facts.put("most_runs", plan.variants().size() * RateSearch.mostRuns(settings));
    }
    facts.put("publishable_rules_missed", PublishableRules.missedBy(plan));
    return facts;
  }

  /** The outline for people. */
  void print(PrintWriter out) {
    out.printf("Experiment %s, seed %d%n%n", plan.experiment(), plan.seed());
    if (plan.search() == null) {
      cells().lines().forEach(out::println);
      out.printf(
          Locale.ROOT,
          "%n%s, %s, and %,d of warm-up, %,d server %s%n",
          PlanWords.runs(matrix.runs().size()),
          PlanWords.requests(matrix, "measured request"),
          matrix.warmUpRequests(),
          matrix.serverStarts(),
          matrix.serverStarts() == 1 ? "start" : "starts");
      out.println(duration());
      LaunchWords.of(matrix).lines().forEach(out::println);
    } else {
      searches(plan.search()).lines().forEach(out::println);
      out.println();
      search(out, plan.search().settings());
    }
    passes(out);
    stops(out);
    publishable(out);
  }

  /** Bytes of KV cache that the prompts of one pass take, by cell; empty where nobody knows. */
  private Map<String, Long> kvBytes() {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (RunSpec run : matrix.runs()) {
      Long taken = run.variant().workload().kvBytes();
      if (taken != null) {
        bytes.put(run.cell(), taken);
      }
    }
    return bytes;
  }

  private TextTable cells() {
    Map<String, Long> kvBytes = kvBytes();
    List<String> columns =
        new ArrayList<>(
            List.of("strategy", "load point", ">repeats", ">requests", ">each lasts", "target"));
    if (!kvBytes.isEmpty()) {
      columns.add(">KV cache");
    }
    TextTable table = new TextTable(columns);
    for (RunSpec run : matrix.runs()) {
      if (run.repeat() == 1) {
        List<String> row = row(run);
        if (!kvBytes.isEmpty()) {
          row.add(PlanWords.bytes(kvBytes.get(run.cell())));
        }
        table.add(row);
      }
    }
    return table;
  }

  private List<String> row(RunSpec run) {
    return new ArrayList<>(
        List.of(
            run.variant().text(),
            run.loadPoint(),
            Integer.toString(plan.repeats()),
            PlanWords.requests(run),
            run.scheduledDuration().map(PlanWords::of).orElse("-"),
            PlanWords.target(run.strategy())));
  }

  private TextTable searches(Search search) {
    TextTable table = new TextTable(List.of("strategy", "rates", ">requests of a run", "target"));
    for (Variant variant : plan.variants()) {
      table.add(
          List.of(
              variant.text(),
              "%s to %s"
                  .formatted(
                      PlanWords.plain(search.settings().from()),
                      PlanWords.plain(search.settings().to())),
              requests(variant, search),
              PlanWords.target(variant.strategy())));
    }
    return table;
  }

  private void search(PrintWriter out, SearchSettings settings) {
    out.printf(
        "Search for the highest rate at which %s of the requests attain their limits, to within"
            + " %s:%n  %s; each rate is run 1 to %d times, until its %s interval decides%n",
        TextTable.percent(settings.target()),
        TextTable.percent(settings.resolution()),
        PlanWords.size(plan),
        settings.repeats(),
        TextTable.percent(settings.confidence()));
    Duration longest = longest(settings.from());
    Duration shortest = longest(settings.to());
    out.printf(
        "Expected duration of a run: %s, and warm-up and drain%n",
        longest.equals(shortest)
            ? PlanWords.of(longest)
            : "%s at the lowest rate, %s at the highest"
                .formatted(PlanWords.of(longest), PlanWords.of(shortest)));
  }

  /** What the runs of a search send: where a time decides, from the lowest rate to the highest. */
  private String requests(Variant variant, Search search) {
    String fewest = PlanWords.requests(trial(variant, search, search.settings().from()));
    String most = PlanWords.requests(trial(variant, search, search.settings().to()));
    return fewest.equals(most) ? fewest : "%s to %s".formatted(fewest, most);
  }

  /** How long the longest run at a rate issues its load. */
  private Duration longest(double rate) {
    return plan.variants().stream()
        .flatMap(variant ->
            trial(variant, requireNonNull(plan.search()), rate).scheduledDuration().stream())
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private RunSpec trial(Variant variant, Search search, double rate) {
    return Matrix.trial(plan, search, variant, new RateSearch.Trial(rate, 1));
  }

  private String duration() {
    if (matrix.runsOfUnknownDuration() == matrix.runs().size()) {
      return "Expected duration: as long as the server or a trace decides, and warm-up and drain of each run";
    }
    String known =
        "Expected duration: %s of schedules, and warm-up and drain of each run"
            .formatted(PlanWords.of(matrix.scheduledDuration()));
    return matrix.runsOfUnknownDuration() == 0
        ? known
        : "%s; the server or a trace decides how long %s"
            .formatted(
                known,
                matrix.runsOfUnknownDuration() == 1
                    ? "1 of the runs takes"
                    : matrix.runsOfUnknownDuration() + " of the runs take");
  }

  private void passes(PrintWriter out) {
    Play play = plan.play();
    if (play.passes() > 1) {
      out.printf(
          "Each run sends its prompts %d times%s: the first pass meets a cold cache, later ones a"
              + " warm one.%n",
          play.passes(), play.pause().isZero() ? "" : ", " + PlanWords.of(play.pause()) + " apart");
    }
    ThinkTime thinkTime = play.thinkTime();
    if (!thinkTime.isNone()) {
      out.printf(
          "A user waits %s before the next request.%n",
          thinkTime.isFixed()
              ? PlanWords.of(thinkTime.min())
              : "%s (%s at the mean)".formatted(thinkTime.text(), PlanWords.of(thinkTime.mean())));
    }
  }

  private void stops(PrintWriter out) {
    if (plan.stop().duration() != null) {
      out.printf("A run is ended as overloaded after %s.%n", PlanWords.of(plan.stop().duration()));
    }
    if (plan.stop().errorRate() != null) {
      out.printf(
          "A run is ended as overloaded when over %s of its requests fail.%n",
          TextTable.percent(plan.stop().errorRate()));
    }
    if (plan.stop().overSaturation()) {
      out.println("A run is ended as overloaded when its queue grows without end.");
    }
  }

  private void publishable(PrintWriter out) {
    List<String> missed = PublishableRules.missedBy(plan);
    if (missed.isEmpty()) {
      out.println("It meets every rule of a publishable experiment.");
      return;
    }
    out.println("To be publishable, it lacks:");
    missed.forEach(rule -> out.println("  - " + rule));
  }
}
