package dev.kvasir.app.command;

import dev.kvasir.producer.calibration.Calibration;
import dev.kvasir.producer.calibration.TrialResult;
import dev.kvasir.sink.figure.FigureFiles;
import dev.kvasir.sink.figure.MeasuredLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A calibration as a figure: the lag of stamps against tokens per second, and against streams. */
final class CalibrationFigure {

  private static final double CEILING_MS = 10;

  private CalibrationFigure() {}

  /** Draws it into a folder; the files, the pictures first. */
  static List<Path> draw(Calibration of, Path folder) {
    MeasuredLines.Order order =
        new MeasuredLines.Order(
            "calibration",
            "Lag of time stamps (ms)",
            List.of(
                new MeasuredLines.Part(
                    "Tokens/s, in streams of 50 tokens/s",
                    points(of.throughput(), TrialResult::tokensPerSecond)),
                new MeasuredLines.Part(
                    "Streams of 5 tokens/s", points(of.concurrency(), TrialResult::streams))),
            List.of(Calibration.FAITHFUL_MS, Calibration.TOLERABLE_MS),
            CEILING_MS,
            "kvasir calibrate; kept in calibration.json of the home",
            caption(of));
    try {
      return FigureFiles.write(MeasuredLines.draw(order), folder, FigureFiles.ALL);
    } catch (IOException e) {
      throw new UncheckedIOException("the figure cannot be written to " + folder, e);
    }
  }

  private static List<MeasuredLines.Point> points(
      List<TrialResult> trials, ToDoubleFunction<TrialResult> place) {
    List<MeasuredLines.Point> points = new ArrayList<>();
    for (TrialResult trial : trials) {
      double x = place.applyAsDouble(trial);
      points.add(new MeasuredLines.Point("p50", x, trial.lagP50Ms()));
      points.add(new MeasuredLines.Point("p99", x, trial.lagP99Ms()));
      points.add(new MeasuredLines.Point("p99.9", x, trial.lagP999Ms()));
    }
    return points;
  }

  private static String caption(Calibration of) {
    return String.format(
        Locale.ROOT,
        "Lag of the client's time stamps behind the emissions of a loopback server, on one event"
            + " loop that publishes every token; %s, %d processors, %s, Kvasir %s. Dashed: %.0f ms"
            + " and %.0f ms; hollow markers lie above %.0f ms. p99 within %.0f ms: up to %s tokens/s;"
            + " within %.0f ms: up to %s tokens/s.",
        of.host(),
        of.processors(),
        of.jvm(),
        of.version(),
        Calibration.FAITHFUL_MS,
        Calibration.TOLERABLE_MS,
        CEILING_MS,
        Calibration.FAITHFUL_MS,
        tokens(of, Calibration.FAITHFUL_MS),
        Calibration.TOLERABLE_MS,
        tokens(of, Calibration.TOLERABLE_MS));
  }

  private static String tokens(Calibration of, double lagMs) {
    return String.format(Locale.ROOT, "%,.0f", of.tokensPerSecond(lagMs).orElse(0));
  }
}
