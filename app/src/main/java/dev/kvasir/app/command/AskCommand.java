package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.question.Parameter;
import dev.kvasir.sink.question.Question;
import dev.kvasir.sink.question.Questions;
import dev.kvasir.sink.warehouse.QueryResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Unmatched;

/** Asks a question that has a name. */
@Command(
    name = "ask",
    description = "Ask a named question; without a name, list them.",
    footer = {
      "%nExamples:",
      "  kvasir ask",
      "  kvasir ask cells --experiment quickstart",
      "  kvasir ask goodput --experiment quickstart --ttft-slo 125ms --target 90%%",
      "  kvasir ask compare --experiment quickstart --baseline recompute --format csv",
      "  kvasir ask compare --sql"
    })
final class AskCommand implements Callable<ExitCode> {

  private static final String TRUTH = "truth";

  @ParentCommand private Kvasir kvasir;
  @Mixin private ResultPrinter printer;

  @Parameters(index = "0", arity = "0..1", paramLabel = "QUESTION", description = "Its name.")
  private @Nullable String name;

  @Unmatched private List<String> given = new ArrayList<>();

  @Option(
      names = "--sql",
      description = "Print the query, its parameters written in, instead of asking it.")
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
    Map<String, String> parameters = QuestionParameters.of(given);
    if (sql) {
      out.println(written(question, parameters));
      return ExitCode.OK;
    }
    checkParameters(question, parameters);
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      answer(warehouse, question, KnownNames.checked(warehouse, parameters));
    }
    return ExitCode.OK;
  }

  private void answer(Warehouse warehouse, Question question, Map<String, String> parameters) {
    if (question.name().equals(TRUTH) && emissions.isEmpty()) {
      throw new Refusal(
          ExitCode.USAGE,
          "the question truth compares with emission logs of simulators; name them with --emissions FILE (a run on a simulator leaves them in %s)"
              .formatted(kvasir.home().folder().resolve("emissions")));
    }
    if (!question.name().equals(TRUTH) && !emissions.isEmpty()) {
      throw new Refusal(ExitCode.USAGE, "--emissions is for the question truth; leave it away");
    }
    QueryResult answer =
        question.name().equals(TRUTH)
            ? warehouse.truth(emissions, parameters)
            : warehouse.ask(question.name(), parameters);
    printer.print(kvasir.terminal(), answer);
    if (answer.rows().isEmpty()) {
      kvasir.terminal().err().println("No row: " + question.none());
    }
    Uncounted.say(kvasir.terminal(), warehouse, parameters.get("experiment"));
  }

  private static String written(Question question, Map<String, String> parameters) {
    try {
      return question.written(parameters);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
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

  private static void checkParameters(Question question, Map<String, String> parameters) {
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
          "    --%s%s: %s%n",
          parameter.option(), parameter.optional() ? " (optional)" : "", parameter.meaning());
    }
  }
}
