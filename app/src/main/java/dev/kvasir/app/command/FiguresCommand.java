package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.figure.Figure;
import dev.kvasir.sink.figure.FigureFiles;
import dev.kvasir.sink.figure.FigureKind;
import dev.kvasir.sink.figure.FigureRequest;
import dev.kvasir.sink.figure.Figures;
import dev.kvasir.sink.figure.SloFigures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Draws what was measured. */
@Command(
    name = "figures",
    description = {
      "Draw a figure as PDF, SVG and PNG, with its caption, its data (CSV) and its SQL beside it.",
      "KIND is slo, or one of those that docs/figures.md shows; without one, list them."
    },
    footer = {
      "%nExamples:",
      "  kvasir figures latency --where \"experiment = 'quickstart'\" -o figures",
      "  kvasir figures line --x gpu-peak-gb --y tokens-per-s --by strategy --facet model -o figures",
      "  kvasir figures speedup --x input-len --baseline recompute --std -o figures",
      "  kvasir figures slo quickstart/recompute quickstart/hbm-prefix --ttft-slo 125 -o figures"
    })
final class FiguresCommand implements Callable<ExitCode> {

  private static final String SLO = "slo";

  /** Options that only the slo figures have. */
  private static final List<String> OF_SLO =
      List.of("--slo-type", "--rates", "--per-gpu", "--scale-rate");

  /** Options that the slo figures have too. */
  private static final Set<String> OF_ALL =
      Set.of("--ttft-slo", "--tpot-slo", "--target", "--format", "-o", "--output", "--home");

  @ParentCommand private Kvasir kvasir;
  @Spec private CommandSpec spec;
  @Mixin private SloOptions slo;

  @Parameters(index = "0", arity = "0..1", paramLabel = "KIND", description = "What to show.")
  private @Nullable String kind;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "STRATEGY",
      description = "For slo: strategies, as experiment/strategy or by name.")
  private List<String> subjects = List.of();

  @Option(names = "--x", paramLabel = "NAME", description = "Horizontal axis.")
  private @Nullable String x;

  @Option(names = "--y", paramLabel = "NAME", description = "Vertical axis.")
  private @Nullable String y;

  @Option(
      names = "--where",
      paramLabel = "SQL",
      description = "Condition over the view figure_runs.")
  private @Nullable String where;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "What a colour and marker stand for (default: strategy).")
  private @Nullable String by;

  @Option(names = "--connect-by", paramLabel = "NAME", description = "What joins points.")
  private @Nullable String connectBy;

  @Option(names = "--facet", paramLabel = "NAME", description = "A panel for each value.")
  private @Nullable String facet;

  @Option(names = "--xmin", paramLabel = "NUMBER", description = "Where the axis begins.")
  private @Nullable Double xMin;

  @Option(
      names = "--xmax",
      paramLabel = "NUMBER",
      description = "Where the axis ends; a frontier is of all points.")
  private @Nullable Double xMax;

  @Option(
      names = "--baseline",
      paramLabel = "STRATEGY",
      description = "What others are divided by.")
  private @Nullable String baseline;

  @Option(names = "--ci", description = "Error bars are 95 %% intervals (default).")
  private boolean ci;

  @Option(names = "--std", description = "Error bars are one standard deviation.")
  private boolean std;

  @Option(names = "--no-errors", description = "No error bars.")
  private boolean noErrors;

  @Option(
      names = "--passes",
      paramLabel = "WHICH",
      description = "all, cold (the first) or warm (the later ones).")
  private String passes = "all";

  @Option(names = "--log", description = "Logarithmic axes.")
  private boolean log;

  @Option(names = "--style", paramLabel = "STYLE", description = "one-column or two-column.")
  private String style = "one-column";

  @Option(
      names = "--slo-type",
      paramLabel = "TYPE",
      description = "For several strategies: ttft, tpot or both (default: all three).")
  private SloFigures.@Nullable Type sloType;

  @Option(names = "--rates", paramLabel = "WHICH", description = "common (default) or own.")
  private String rates = "common";

  @Option(names = "--per-gpu", description = "Divide the rate by the GPUs.")
  private boolean perGpu;

  @Option(names = "--scale-rate", paramLabel = "R", description = "Rate of the SLO scale's half.")
  private @Nullable Double scaleRate;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      split = ",",
      description = "pdf, svg, png (default: all).")
  private Set<FigureFiles.Format> formats = EnumSet.allOf(FigureFiles.Format.class);

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the files.")
  private @Nullable String name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description = "Where the files go (default: figures).")
  private Path output = Path.of("figures");

  @Override
  public ExitCode call() throws InterruptedException {
    if (kind == null) {
      list();
      return ExitCode.OK;
    }
    refuseWhatHasNoEffect();
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      for (Figure figure : drawn(warehouse)) {
        List<Path> files = FigureFiles.write(figure, output, formats);
        files.forEach(file -> kvasir.terminal().out().println(file));
        kvasir.terminal().err().println(figure.caption());
      }
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the figure cannot be written to %s; name a writable folder with -o".formatted(output),
          e);
    }
    return ExitCode.OK;
  }

  private void refuseWhatHasNoEffect() {
    boolean isSlo = SLO.equals(kind);
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName();
      boolean has = isSlo ? OF_ALL.contains(name) || OF_SLO.contains(name) : !OF_SLO.contains(name);
      require(has, "%s has no effect on %s; leave it away".formatted(name, kind));
    }
    require(
        isSlo || subjects.isEmpty(),
        "%s takes no strategies; choose runs by --where, such as --where \"strategy = '%s'\""
            .formatted(kind, subjects.isEmpty() ? "" : subjects.getFirst()));
    require(
        baseline == null || FigureKind.SPEEDUP.name().equalsIgnoreCase(kind),
        "--baseline is for speedup; leave it away");
    require(
        connectBy == null || FigureKind.PARETO.name().equalsIgnoreCase(kind),
        "--connect-by is for pareto; leave it away");
    require(
        List.of(ci, std, noErrors).stream().filter(each -> each).count() < 2,
        "--ci, --std and --no-errors exclude each other; give one");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Refusal(ExitCode.USAGE, otherwise);
    }
  }

  private void list() {
    for (FigureKind each : FigureKind.values()) {
      kvasir
          .terminal()
          .out()
          .printf("%s: %s%n", each.name().toLowerCase(Locale.ROOT), each.meaning());
    }
    kvasir
        .terminal()
        .out()
        .println("slo: SLO attainment against the rate and against the scale of the limits");
  }

  private List<Figure> drawn(Warehouse warehouse) {
    if (SLO.equals(kind)) {
      return sloFigures(warehouse);
    }
    return List.of(new Figures(warehouse.queries()).draw(request()));
  }

  private FigureRequest request() {
    FigureRequest.Errors errors =
        noErrors
            ? FigureRequest.Errors.NONE
            : std ? FigureRequest.Errors.STD : FigureRequest.Errors.CI;
    return new FigureRequest(
        kind(),
        x,
        y,
        where,
        by,
        connectBy,
        facet,
        xMin,
        xMax,
        baseline,
        errors,
        style(),
        passes,
        log,
        slo.limits(),
        name);
  }

  private FigureKind kind() {
    for (FigureKind each : FigureKind.values()) {
      if (each.name().equalsIgnoreCase(kind)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "there is no figure %s; 'kvasir figures' lists them".formatted(kind));
  }

  private FigureRequest.Style style() {
    return switch (style) {
      case "one-column" -> FigureRequest.Style.ONE_COLUMN;
      case "two-column" -> FigureRequest.Style.TWO_COLUMN;
      default ->
          throw new IllegalArgumentException(
              "the style is %s; expected one-column or two-column".formatted(style));
    };
  }

  private List<Figure> sloFigures(Warehouse warehouse) {
    if (subjects.isEmpty()) {
      throw new IllegalArgumentException(
          "expected strategies after slo, such as: kvasir figures slo quickstart/recompute");
    }
    if (!rates.equals("common") && !rates.equals("own")) {
      throw new IllegalArgumentException("--rates is %s; expected common or own".formatted(rates));
    }
    SloFigures figures = new SloFigures(warehouse.queries());
    SloFigures.Order order =
        new SloFigures.Order(
            Subjects.resolve(warehouse, subjects),
            slo.limits(),
            rates.equals("common"),
            perGpu,
            scaleRate);
    if (order.subjects().size() == 1) {
      return List.of(figures.single(order));
    }
    List<Figure> drawn = new ArrayList<>();
    for (SloFigures.Type type : SloFigures.Type.values()) {
      if (sloType == null || sloType == type) {
        drawn.add(figures.comparison(order, type));
      }
    }
    return drawn;
  }
}
