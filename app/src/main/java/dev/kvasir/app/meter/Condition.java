package dev.kvasir.app.meter;

/** How a stage stands, or what it needs. */
public enum Condition {
  /** It is not at work yet. */
  STARTING,
  /** It is at work. */
  WORKING,
  /** It is at work, and its room will run out. */
  NEARLY_FULL,
  /** It has no room for more work. */
  FULL,
  /** Whether it has room cannot be told now. */
  UNKNOWN,
  /** It has stopped working and will not begin again by itself. */
  FAILED
}
