package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.PlanSource;
import dev.kvasir.producer.plan.PlanOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** A plan on the command line: a file, or options that stand for one. */
final class PlanArguments {

  private static final String SET = "--set";
  private static final String QUICK = "--quick";

  private PlanArguments() {}

  /** Gives a command the options that stand for a plan. */
  static void addTo(CommandSpec command) {
    for (PlanOption option : PlanOption.all()) {
      OptionSpec.Builder builder =
          OptionSpec.builder(option.flags().toArray(String[]::new))
              .description(capitalised(option.description()).replace("%", "%%") + ".");
      String label = option.valueLabel();
      if (label == null) {
        builder.type(boolean.class).arity("0");
      } else {
        builder
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity(option.takesSeveral() ? "1..*" : "1")
            .paramLabel(label);
      }
      command.addOption(builder.build());
    }
    command.addOption(
        OptionSpec.builder(SET)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .paramLabel("KEY=VALUE")
            .description(
                "Replace a value of the plan file: a key such as load.rates or"
                    + " strategies.NAME.gpus, or a parameter; may be repeated.")
            .build());
    command.addOption(
        OptionSpec.builder(QUICK)
            .type(boolean.class)
            .arity("0")
            .description("Take the short form that the plan file has under `quick`.")
            .build());
  }

  /** What a command line says. */
  static PlanSource source(ParseResult parsed, @Nullable Path file) {
    Map<PlanOption, List<String>> given = new LinkedHashMap<>();
    for (PlanOption option : PlanOption.all()) {
      OptionSpec matched = parsed.matchedOption(option.flag());
      if (matched != null) {
        given.put(option, option.valueLabel() == null ? List.of("true") : matched.stringValues());
      }
    }
    Map<String, String> settings = settings(parsed);
    boolean quick = parsed.hasMatchedOption(QUICK);
    if (file == null) {
      if (quick || !settings.isEmpty()) {
        throw new Refusal(
            ExitCode.USAGE,
            "%s changes a plan file, and none was given".formatted(quick ? QUICK : SET));
      }
      if (given.isEmpty()) {
        throw new Refusal(
            ExitCode.USAGE,
            "there is no plan: give a file, such as examples/quickstart.yaml, or --url and the options of a plan");
      }
      return PlanSource.options(given);
    }
    if (!given.isEmpty()) {
      throw new Refusal(
          ExitCode.USAGE,
          "%s and the plan file %s were both given: put it into the file, or leave the file away"
              .formatted(
                  String.join(", ", given.keySet().stream().map(PlanOption::flag).toList()), file));
    }
    try {
      return PlanSource.file(file, settings, quick);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> settings(ParseResult parsed) {
    Map<String, String> settings = new LinkedHashMap<>();
    OptionSpec matched = parsed.matchedOption(SET);
    List<String> given = matched == null ? List.of() : matched.stringValues();
    for (String each : given) {
      int sign = each.indexOf('=');
      if (sign < 1) {
        throw new Refusal(ExitCode.USAGE, "--set is %s; it must be KEY=VALUE".formatted(each));
      }
      settings.put(each.substring(0, sign).strip(), each.substring(sign + 1).strip());
    }
    return settings;
  }

  /** The commands that take a plan. */
  static boolean belongsTo(String command) {
    return Arrays.asList("run", "plan", "produce").contains(command);
  }

  private static String capitalised(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
