package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.StagesProcess;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.time.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Has the stages of {@code kvasir up} run in a process beside this one, and starts them again when
 * it ends and nobody asked for that: at once, and then later each time. One thread uses it.
 */
final class UpSupervision {

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** Exit statuses from here on are signals: what was killed did not refuse to start. */
  private static final int KILLED = 128;

  /** A process that lived so long is started again as soon as the first one was. */
  private static final Duration HEALTHY = Duration.ofMinutes(5);

  private final Kvasir kvasir;
  private final List<String> words;
  private final Ticker ticker = Ticker.system();
  private Duration backOff = FIRST;
  private boolean everWorked;

  /**
   * @param words the command line of the process
   */
  UpSupervision(Kvasir kvasir, List<String> words) {
    this.kvasir = kvasir;
    this.words = List.copyOf(words);
  }

  /** Returns when the user asks to stop, or when the stages do not even start. */
  ExitCode run(StopSignal stop) throws InterruptedException {
    while (true) {
      long began = ticker.nanos();
      int status = live(stop);
      if (stop.isRequested()) {
        return ExitCode.OK;
      }
      if (!everWorked && status < KILLED) {
        return Arrays.stream(ExitCode.values())
            .filter(code -> code.number() == status)
            .findFirst()
            .orElse(ExitCode.FAILED);
      }
      if (ticker.nanos() - began > HEALTHY.toNanos()) {
        backOff = FIRST;
      }
      kvasir
          .terminal()
          .err()
          .printf(
              "kvasir up: the stages ended with status %d; they are started again in %d s%n",
              status, backOff.toSeconds());
      stop.await(backOff);
      if (stop.isRequested()) {
        return ExitCode.OK;
      }
      Duration doubled = backOff.multipliedBy(2);
      backOff = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }
  }

  /** One life of the stages; their exit status. */
  private int live(StopSignal stop) throws InterruptedException {
    try (StagesProcess stages = StagesProcess.start(kvasir.home(), words)) {
      while (stages.isAlive() && !stop.isRequested()) {
        stop.await(LOOK_EVERY);
        everWorked |= stages.holdsHome();
      }
      stages.end();
      return stages.awaitEnd();
    }
  }
}
