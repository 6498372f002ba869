package dev.kvasir.streams.window;

/** The windows that are measured at every second. */
enum WindowLength {
  SECOND(1),
  TEN_SECONDS(10),
  MINUTE(60),
  WHOLE(0);

  private final int seconds;

  WindowLength(int seconds) {
    this.seconds = seconds;
  }

  /** Length; 0 is the whole run. */
  int seconds() {
    return seconds;
  }
}
