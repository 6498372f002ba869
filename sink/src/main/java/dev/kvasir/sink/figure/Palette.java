package dev.kvasir.sink.figure;

import java.util.List;

/**
 * Colours that the colour-blind tell apart (Okabe and Ito), and markers. A strategy's place among
 * those of its experiment decides both, so that it looks the same in every figure; there are four
 * colours, and further strategies differ by their marker, or as bars by a paler tint.
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

  /** The colour of an area: the same again is half as strong. */
  static String area(int place) {
    int colour = Integer.parseInt(colour(place).substring(1), 16);
    int turn = place / COLOURS.size();
    StringBuilder tint = new StringBuilder("#");
    for (int shift = 16; shift >= 0; shift -= 8) {
      int strength = 255 - ((colour >> shift) & 255);
      tint.append("%02X".formatted(255 - (strength >> Math.min(turn, 2))));
    }
    return tint.toString();
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
