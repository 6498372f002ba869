package dev.kvasir.sink.figure;

import java.util.List;

/**
 * Colours that the colour-blind tell apart (Okabe and Ito), and markers. A strategy's place among
 * those of its experiment decides both, so that it looks the same in every figure; there are four
 * colours, and further strategies differ by their marker.
 */
final class Palette {

  /** Blue, vermilion, bluish green, reddish purple. */
  private static final List<String> COLOURS = List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7");

  /** Stages of a stacked bar: these never meet as lines do, so there are more. */
  private static final List<String> STAGES =
      List.of(
          "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999");

  /** Circle, square, triangle up, diamond, triangle down; each can be filled. */
  private static final List<Integer> MARKERS = List.of(21, 22, 24, 23, 25);

  private static final List<String> LINES = List.of("solid", "dashed", "dotted", "dotdash");

  private Palette() {}

  static String colour(int place) {
    return COLOURS.get(place % COLOURS.size());
  }

  static String stage(int place) {
    return STAGES.get(place % STAGES.size());
  }

  static int marker(int place) {
    return MARKERS.get(place % MARKERS.size());
  }

  static String line(int place) {
    return LINES.get(place / COLOURS.size() % LINES.size());
  }
}
