package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.RunChoice;
import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.event.RunLabelled;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Names or corrects what runs are declared to be. */
@Command(
    name = "label",
    description = {
      "Set labels of a run, or of all runs of an experiment, as events; nothing is overwritten.",
      "KEY= takes a label away. Without labels, print the history of the run's labels."
    },
    footer = {
      "%nExamples:",
      "  kvasir label RUN link_bandwidth_gbps=800 arcc=on",
      "  kvasir label --experiment benchmark_result_0910 traffic_direction=east_west",
      "  kvasir label RUN"
    })
final class LabelCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private EventEdit edit;
  @Mixin private ResultPrinter printer;

  @Parameters(
      arity = "0..*",
      paramLabel = "[RUN] KEY=VALUE",
      description = "The run (id, number, or end of the id), and labels.")
  private List<String> words = List.of();

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who says so (default: the user's name).")
  private String by = System.getProperty("user.name");

  @Override
  public ExitCode call() throws InterruptedException {
    boolean many = edit.choosesByExperiment();
    if (!many && words.isEmpty()) {
      throw new Refusal(ExitCode.USAGE, "RUN is missing; give a run, or --experiment");
    }
    String run = many ? null : words.getFirst();
    Map<String, @Nullable String> labels = labels(many ? words : words.subList(1, words.size()));
    if (labels.isEmpty()) {
      return history(run);
    }
    List<RunChoice> runs =
        edit.apply(
            kvasir,
            run,
            (number, at) ->
                RunLabelled.newBuilder()
                    .setRun(number)
                    .setAt(at)
                    .setLabels(labels)
                    .setBy(by)
                    .build());
    kvasir.terminal().out().printf(Locale.ROOT, "%,d runs labelled %s%n", runs.size(), labels);
    return ExitCode.OK;
  }

  private static Map<String, @Nullable String> labels(List<String> words) {
    Map<String, @Nullable String> labels = new HashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new Refusal(
            ExitCode.USAGE,
            "label is %s; expected KEY=VALUE, or KEY= to take it away".formatted(word));
      }
      String value = word.substring(equals + 1);
      labels.put(word.substring(0, equals), value.isEmpty() ? null : value);
    }
    return labels;
  }

  private ExitCode history(@Nullable String run) throws InterruptedException {
    if (run == null) {
      throw new Refusal(ExitCode.USAGE, "there is no label; expected KEY=VALUE");
    }
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      List<RunChoice> found = RunChoice.named(warehouse, run);
      if (found.isEmpty()) {
        throw new Refusal(
            ExitCode.USAGE,
            "there is no run %s; 'kvasir runs' lists them%s"
                .formatted(
                    run,
                    run.contains("=")
                        ? ". To set a label, give RUN before it, or --experiment"
                        : ""));
      }
      if (found.size() > 1) {
        throw new Refusal(
            ExitCode.USAGE,
            "%s fits %d runs, among them %s; give more of the id"
                .formatted(run, found.size(), found.getFirst().id()));
      }
      printer.print(
          kvasir.terminal(),
          warehouse.query(
              "SELECT said_at, \"by\", label, value FROM label_history WHERE run = $1 ORDER BY said_at, label",
              found.getFirst().run()));
    }
    return ExitCode.OK;
  }
}
