package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Calibrations;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PublishableRules;
import dev.kvasir.producer.plan.RunSpec;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what a plan would do. */
@Command(
    name = "plan",
    sortOptions = false,
    description = "Check a plan and show what it would do, without running it.",
    footer = {
      "%nExamples:",
      "  kvasir plan examples/quickstart.yaml",
      "  kvasir plan --url http://host:8000/v1/completions --model M --dataset FILE --rate 2.5,5,inf"
    })
final class PlanCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "PLAN", description = "The plan file.")
  private @Nullable Path file;

  @Override
  public ExitCode call() {
    Plan plan = PlanArguments.source(spec.commandLine().getParseResult(), file).parse();
    Matrix matrix = Matrix.of(plan);
    PrintWriter out = kvasir.terminal().out();
    if (json.wanted()) {
      json.print(out, facts(plan, matrix));
    } else {
      print(out, plan, matrix);
      faithfulness(kvasir.home(), plan).forEach(out::println);
    }
    return ExitCode.OK;
  }

  /** Where the plan asks for more than this machine's client was calibrated for. */
  static List<String> faithfulness(Home home, Plan plan) {
    return Calibrations.of(home)
        .map(found -> found.warnings(plan))
        .orElse(List.of("How much this machine stamps faithfully is not known: kvasir calibrate"));
  }

  private static Map<String, Object> facts(Plan plan, Matrix matrix) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("experiment", plan.experiment());
    facts.put("runs", matrix.runs().size());
    facts.put("requests", matrix.requests());
    facts.put("warm_up_requests", matrix.warmUpRequests());
    facts.put("server_starts", matrix.serverStarts());
    facts.put("servers", LaunchWords.of(matrix).facts());
    facts.put("scheduled_seconds", matrix.scheduledDuration().toMillis() / 1e3);
    facts.put("runs_of_unknown_duration", matrix.runsOfUnknownDuration());
    facts.put("cells", matrix.runs().stream().map(RunSpec::cell).distinct().toList());
    facts.put("kv_bytes", kvBytes(matrix));
    facts.put("publishable_rules_missed", PublishableRules.missedBy(plan));
    return facts;
  }

  /** Bytes of KV cache that the prompts of one pass take, by cell; empty where nobody knows. */
  private static Map<String, Long> kvBytes(Matrix matrix) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (RunSpec run : matrix.runs()) {
      Long taken = run.variant().workload().kvBytes();
      if (taken != null) {
        bytes.put(run.cell(), taken);
      }
    }
    return bytes;
  }

  private static void print(PrintWriter out, Plan plan, Matrix matrix) {
    out.printf("Experiment %s, seed %d%n%n", plan.experiment(), plan.seed());
    cells(plan, matrix).lines().forEach(out::println);
    out.printf(
        "%n%,d runs, %,d measured requests and %,d of warm-up, %,d server starts%n",
        matrix.runs().size(), matrix.requests(), matrix.warmUpRequests(), matrix.serverStarts());
    out.println(duration(matrix));
    LaunchWords.of(matrix).lines().forEach(out::println);
    List<String> missed = PublishableRules.missedBy(plan);
    if (missed.isEmpty()) {
      out.println("It meets every rule of a publishable experiment.");
      return;
    }
    out.println("To be publishable, it lacks:");
    missed.forEach(rule -> out.println("  - " + rule));
  }

  private static TextTable cells(Plan plan, Matrix matrix) {
    Map<String, Long> kvBytes = kvBytes(matrix);
    List<String> columns =
        new ArrayList<>(List.of("strategy", "load point", ">repeats", ">requests", "target"));
    if (!kvBytes.isEmpty()) {
      columns.add(">KV cache");
    }
    TextTable table = new TextTable(columns);
    for (RunSpec run : matrix.runs()) {
      if (run.repeat() != 1) {
        continue;
      }
      List<String> row =
          new ArrayList<>(
              List.of(
                  run.variant().text(),
                  run.loadPoint(),
                  Integer.toString(plan.repeats()),
                  run.requests().isPresent() ? Integer.toString(run.requests().getAsInt()) : "-",
                  PlanWords.target(run.strategy())));
      if (!kvBytes.isEmpty()) {
        row.add(PlanWords.bytes(kvBytes.get(run.cell())));
      }
      table.add(row);
    }
    return table;
  }

  private static String duration(Matrix matrix) {
    Duration scheduled = matrix.scheduledDuration();
    String known =
        "Expected duration: %s of schedules, and warm-up and drain of each run"
            .formatted(PlanWords.of(scheduled));
    return matrix.runsOfUnknownDuration() == 0
        ? known
        : "%s; the server decides how long %d of the runs take"
            .formatted(known, matrix.runsOfUnknownDuration());
  }
}
