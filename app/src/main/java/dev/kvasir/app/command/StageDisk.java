package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.DiskWatch;

/** The disk of a stage that runs alone: what changes on it is said. One thread uses it. */
final class StageDisk {

  private final Terminal terminal;
  private final DiskWatch watch;

  StageDisk(Kvasir kvasir) {
    terminal = kvasir.terminal();
    watch = DiskWatch.ofStage(kvasir.home());
  }

  /** Looks, and says what has changed. */
  void look() {
    String told = watch.look();
    if (told != null) {
      terminal.err().println(told);
    }
  }
}
