package dev.kvasir.app.pipeline;

/**
 * How full a disk is. A level is left upwards when a quarter more is free than what it began at.
 */
enum DiskLevel {
  /** There is room. */
  NORMAL,
  /** There is room for a while. */
  NEARLY_FULL,
  /** There is room to put away what was measured, and for nothing new. */
  FULL;

  private static final long MIB = 1L << 20;
  private static final double EASED = 1.25;

  /** Bytes free below which a disk is nearly full: 2 GiB, of a small one a tenth. */
  static long nearlyFullBelow(long total) {
    return Math.min(2048 * MIB, total / 10);
  }

  /** Bytes free below which a disk is full: 512 MiB, of a small one a twentieth. */
  static long fullBelow(long total) {
    return Math.min(512 * MIB, total / 20);
  }

  /** The level that follows this one. */
  DiskLevel then(DiskSpace space) {
    double full = fullBelow(space.total()) * (this == FULL ? EASED : 1);
    double nearlyFull = nearlyFullBelow(space.total()) * (this == NORMAL ? 1 : EASED);
    if (space.free() < full) {
      return FULL;
    }
    return space.free() < nearlyFull ? NEARLY_FULL : NORMAL;
  }
}
