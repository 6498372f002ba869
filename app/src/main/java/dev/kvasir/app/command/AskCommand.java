package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.question.Parameter;
import dev.kvasir.sink.question.Question;
import dev.kvasir.sink.question.Questions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Asks a question that has a name. */
@Command(
    name = "ask",
    description = "Ask a named question; without a name, list them.",
    footer = {
      "%nExamples:",
      "  kvasir ask",
      "  kvasir ask cells experiment=quickstart",
      "  kvasir ask compare experiment=quickstart baseline=recompute --format csv",
      "  kvasir ask compare --sql"
    })
final class AskCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private ResultPrinter printer;

  @Parameters(index = "0", arity = "0..1", paramLabel = "QUESTION", description = "Its name.")
  private @Nullable String name;

  @Parameters(
      index = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Its parameters, as 'kvasir ask' lists them.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--sql", description = "Print the query instead of asking it.")
  private boolean sql;

  @Option(
      names = "--emissions",
      paramLabel = "FILE",
      description = "Emission logs of simulators, for the question 'truth'.")
  private List<Path> emissions = List.of();

  @Override
  public ExitCode call() throws InterruptedException {
    PrintWriter out = kvasir.terminal().out();
    if (name == null) {
      Questions.all().forEach(question -> describe(out, question));
      return ExitCode.OK;
    }
    Question question = find(name);
    if (sql) {
      out.println(question.sql());
      return ExitCode.OK;
    }
    checkParameters(question);
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      printer.print(
          kvasir.terminal(),
          emissions.isEmpty()
              ? warehouse.ask(name, parameters)
              : warehouse.truth(emissions, parameters));
    }
    return ExitCode.OK;
  }

  private static Question find(String name) {
    return Questions.named(name)
        .orElseThrow(() ->
            new Refusal(
                ExitCode.USAGE,
                "there is no question %s; there are %s"
                    .formatted(
                        name,
                        String.join(", ", Questions.all().stream().map(Question::name).toList()))));
  }

  private void checkParameters(Question question) {
    try {
      question.bind(parameters);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static void describe(PrintWriter out, Question question) {
    out.printf("%s: %s%n", question.name(), question.title());
    for (Parameter parameter : question.parameters()) {
      out.printf(
          "    %s%s: %s%n",
          parameter.name(), parameter.optional() ? " (optional)" : "", parameter.meaning());
    }
  }
}
