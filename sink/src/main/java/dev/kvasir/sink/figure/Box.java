package dev.kvasir.sink.figure;

/**
 * A rectangle in shares of a panel: 0 is its left or lower end, 1 its right or upper one.
 *
 * @param left where it begins, across
 * @param right where it ends
 * @param bottom where it begins, upwards
 * @param top where it ends
 */
record Box(double left, double right, double bottom, double top) {

  boolean touches(Box other) {
    return left < other.right && other.left < right && bottom < other.top && other.bottom < top;
  }
}
