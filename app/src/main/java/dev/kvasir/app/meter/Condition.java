package dev.kvasir.app.meter;

/** How a stage stands. */
public enum Condition {
  /** It is not at work yet. */
  STARTING,
  /** It is at work. */
  WORKING,
  /** It has stopped working and will not begin again by itself. */
  FAILED
}
