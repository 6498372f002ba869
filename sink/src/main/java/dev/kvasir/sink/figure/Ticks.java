package dev.kvasir.sink.figure;

import java.util.List;

/**
 * What is written at an axis.
 *
 * @param at places
 * @param labels what is written there
 * @param angle degrees by which the labels are turned
 */
record Ticks(List<Double> at, List<String> labels, int angle) {

  private static final double CHARACTER = 5.8;
  private static final double LETTER = 13;
  private static final int SLANTED = 35;
  private static final int UPRIGHT = 90;

  Ticks(List<Double> at, List<String> labels) {
    this(at, labels, 0);
  }

  /** The same with labels turned as far as they must be to stand beside each other. */
  Ticks turned(double pixels) {
    double each = pixels / Math.max(1, at.size());
    int turn = longest() + LETTER / 2 <= each ? 0 : each >= 2 * LETTER ? SLANTED : UPRIGHT;
    return new Ticks(at, labels, turn);
  }

  /** How much more height turned labels take than level ones, pixels. */
  double depth() {
    return angle == 0 ? 0 : (longest() - LETTER) * Math.sin(Math.toRadians(angle));
  }

  private double longest() {
    return CHARACTER * labels.stream().mapToInt(String::length).max().orElse(0);
  }
}
