package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.RunChoice;
import dev.kvasir.event.RunScored;
import dev.kvasir.sink.question.Parameter;
import java.util.LinkedHashMap;
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

/** Attaches quality figures from outside. */
@Command(
    name = "score",
    description = "Attach a quality figure from outside, such as perplexity, to a run.",
    footer = {
      "%nExamples:",
      "  kvasir score RUN perplexity=7.1 --source wikitext-2",
      "  kvasir score --experiment E --strategy kv-int4 gsm8k=0.42"
    })
final class ScoreCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private EventEdit edit;

  @Parameters(
      arity = "1..*",
      paramLabel = "[RUN] METRIC=NUMBER",
      description = "The run (id, number, or end of the id), and figures.")
  private List<String> words = List.of();

  @Option(names = "--source", paramLabel = "TEXT", description = "Where the figure comes from.")
  private @Nullable String source;

  @Override
  public ExitCode call() throws InterruptedException {
    boolean many = edit.choosesByExperiment();
    Map<String, Double> scores = scores(many ? words : words.subList(1, words.size()));
    List<RunChoice> runs =
        edit.applyAll(
            kvasir,
            many ? null : words.getFirst(),
            (number, at) ->
                scores.entrySet().stream()
                    .map(score ->
                        new RunScored(number, at, score.getKey(), score.getValue(), source)));
    kvasir.terminal().out().printf(Locale.ROOT, "%,d runs scored %s%n", runs.size(), scores);
    return ExitCode.OK;
  }

  private static Map<String, Double> scores(List<String> words) {
    Map<String, Double> scores = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.lastIndexOf('=');
      scores.put(word.substring(0, Math.max(0, equals)), number(word, word.substring(equals + 1)));
    }
    if (scores.isEmpty() || scores.containsKey("")) {
      throw new Refusal(
          ExitCode.USAGE, "there is no score; expected METRIC=NUMBER, such as perplexity=7.1");
    }
    return scores;
  }

  private static double number(String word, String text) {
    try {
      return (Double) Parameter.Type.NUMBER.parse(text);
    } catch (NumberFormatException e) {
      throw new Refusal(
          ExitCode.USAGE,
          "score is %s; expected METRIC=NUMBER, such as perplexity=7.1".formatted(word));
    }
  }
}
