package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Calibrations;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.PlanSource;
import dev.kvasir.app.pipeline.ScheduleExport;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.workload.DatasetException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
      "  kvasir plan plan.yaml --set repeats=1 --export-schedule arrivals",
      "  kvasir plan --url http://host:8000/v1/completions --model M --dataset FILE --rate 2.5,5,inf"
    })
final class PlanCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "PLAN", description = "The plan file.")
  private @Nullable Path file;

  @Option(
      names = "--export-schedule",
      paramLabel = "DIR",
      description =
          "Write when the requests of each load point and repeat are due, and their prompts.")
  private @Nullable Path schedules;

  @Override
  public ExitCode call() {
    PlanSource source = PlanArguments.source(spec.commandLine().getParseResult(), file);
    Plan plan = source.parse();
    PrintWriter out = kvasir.terminal().out();
    PlanOutline outline = new PlanOutline(plan);
    if (json.wanted()) {
      json.print(out, outline.facts());
    } else {
      outline.print(out);
      faithfulness(kvasir.home(), plan).forEach(out::println);
    }
    if (schedules != null) {
      export(source, plan, schedules);
    }
    return ExitCode.OK;
  }

  private void export(PlanSource source, Plan plan, Path folder) {
    if (plan.search() != null) {
      throw new Refusal(
          ExitCode.USAGE, "a search has no schedules before it runs: give rates instead");
    }
    try {
      ScheduleExport.Written written = ScheduleExport.write(source, plan, folder);
      PrintWriter err = kvasir.terminal().err();
      written.files().forEach(each -> err.println("wrote " + each));
      if (written.files().isEmpty()) {
        err.println("Closed loops and bursts have no due times: nothing was written.");
      }
      if (written.sessions()) {
        err.println(
            "Only the first turns of sessions have due times, the others wait for answers: no"
                + " .jsonl of prompts was written.");
      }
    } catch (DatasetException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  /** Where the plan asks for more than this machine's client was calibrated for. */
  static List<String> faithfulness(Home home, Plan plan) {
    return Calibrations.of(home)
        .map(found -> found.warnings(plan))
        .orElse(List.of("How much this machine stamps faithfully is not known: kvasir calibrate"));
  }
}
