package dev.kvasir.sink.figure;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of every figure.
 *
 * @param kind what is shown
 * @param x quantity on the horizontal axis; null for the kind's usual one
 * @param y quantity on the vertical axis; null for the kind's usual one
 * @param where SQL condition over {@code figure_runs}; null for none
 * @param by what gives a mark its series, a column, label or parameter; null for the strategy
 * @param connectBy what joins the points of a scatter; null for nothing
 * @param facet what gives each panel of small multiples; null for one panel
 * @param xMin where the horizontal axis begins; null for zero
 * @param xMax where it ends; null for the data's end
 * @param baseline strategy that others are divided by; null for none
 * @param errors what error bars show
 * @param style size and font
 * @param scope requests of which passes count: all, cold or warm
 * @param log whether the axes are logarithmic
 * @param slo limits that replace those of the runs
 * @param file name of the files without their ending; null for one made from the kind and the axes
 */
public record FigureRequest(
    FigureKind kind,
    @Nullable String x,
    @Nullable String y,
    @Nullable String where,
    @Nullable String by,
    @Nullable String connectBy,
    @Nullable String facet,
    @Nullable Double xMin,
    @Nullable Double xMax,
    @Nullable String baseline,
    Errors errors,
    Style style,
    String scope,
    boolean log,
    Limits slo,
    @Nullable String file) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._=-]{0,99}");

  /** What error bars show. */
  public enum Errors {
    /** 95 % interval over the repeats. */
    CI("95 % intervals over the repeats (Student's t below 10 repeats, bootstrap from 10 on)"),
    /** One population standard deviation over the repeats. */
    STD("±1 population standard deviation over the repeats"),
    /** Nothing. */
    NONE("none");

    private final String meaning;

    Errors(String meaning) {
      this.meaning = meaning;
    }

    String meaning() {
      return meaning;
    }
  }

  /** Size of a figure, CSS pixels (96 an inch). */
  public enum Style {
    /** One column of a two-column paper: 3.4 inches. */
    ONE_COLUMN(330, 235),
    /** Both columns, or the only one: 7 inches. */
    TWO_COLUMN(672, 330);

    private final int width;
    private final int height;

    Style(int width, int height) {
      this.width = width;
      this.height = height;
    }

    int width() {
      return width;
    }

    int height() {
      return height;
    }
  }

  /**
   * Limits of the service level objective that replace those of the runs.
   *
   * @param ttftMs limit of the TTFT; null for each run's own, else 125
   * @param tpotMs limit of the TPOT; null for each run's own, else 200
   * @param target share to attain, 0 to 1; null for each run's own, else 0.9
   */
  public record Limits(@Nullable Double ttftMs, @Nullable Double tpotMs, @Nullable Double target) {

    /** Each run's own. */
    public static final Limits OWN = new Limits(null, null, null);

    double targetOrUsual() {
      return target == null ? 0.9 : target;
    }
  }

  public FigureRequest {
    if (!List.of("all", "cold", "warm").contains(scope)) {
      throw new IllegalArgumentException(
          "the passes are %s; expected all, cold or warm".formatted(scope));
    }
    if (xMin != null && xMax != null && xMin >= xMax) {
      throw new IllegalArgumentException(
          "the horizontal axis is %s to %s; expected an end above its beginning"
              .formatted(xMin, xMax));
    }
    if (file != null && !NAME.matcher(file).matches()) {
      throw new IllegalArgumentException(
          "the name of the files is %s; expected up to 100 of A-Z a-z 0-9 . _ = - and no leading sign"
              .formatted(file));
    }
  }

  /** A kind with everything else as usual. */
  public static FigureRequest of(FigureKind kind) {
    return of(kind, null);
  }

  /** A kind over the runs of a condition, with everything else as usual. */
  public static FigureRequest of(FigureKind kind, @Nullable String where) {
    return new FigureRequest(
        kind,
        null,
        null,
        where,
        null,
        null,
        null,
        null,
        null,
        null,
        Errors.CI,
        Style.ONE_COLUMN,
        "all",
        false,
        Limits.OWN,
        null);
  }

  /** The same along another horizontal axis. */
  public FigureRequest along(String axis) {
    return new FigureRequest(
        kind,
        axis,
        y,
        where,
        by,
        connectBy,
        facet,
        xMin,
        xMax,
        baseline,
        errors,
        style,
        scope,
        log,
        slo,
        file == null ? kind.name().toLowerCase(java.util.Locale.ROOT) : file);
  }

  /** The same with a horizontal axis from one number to another. */
  FigureRequest between(double least, double most) {
    return new FigureRequest(
        kind, x, y, where, by, connectBy, facet, least, most, baseline, errors, style, scope, log,
        slo, file);
  }

  String xOrUsual() {
    return x == null ? kind.usualX() : x;
  }

  String yOrUsual() {
    return y == null ? kind.usualY() : y;
  }
}
