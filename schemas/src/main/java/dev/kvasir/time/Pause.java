package dev.kvasir.time;

import java.time.Duration;

/** Waiting, for the shells that must. */
public final class Pause {

  private Pause() {}

  public static void of(Duration length) throws InterruptedException {
    Thread.sleep(length);
  }
}
