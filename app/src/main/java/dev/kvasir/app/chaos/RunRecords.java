package dev.kvasir.app.chaos;

import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the log holds of one run. Not thread-safe. */
final class RunRecords {

  private final long number;
  private @Nullable RunStarted started;
  private @Nullable RunFinished finished;
  private int finishes;

  RunRecords(long number) {
    this.number = number;
  }

  void add(RunStarted event) {
    started = event;
  }

  void add(RunFinished event) {
    finished = event;
    finishes++;
  }

  long number() {
    return number;
  }

  int finishes() {
    return finishes;
  }

  String id() {
    return started == null ? Long.toString(number) : started.getId();
  }

  /** The verdict; null without one. */
  @Nullable String verdict() {
    return finished == null
        ? null
        : finished.getVerdict().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  List<String> reasons() {
    return finished == null ? List.of() : finished.getReasons();
  }

  /** The ordinals of its measured requests; none when their number was not planned. */
  IntStream planned() {
    Long planned = started == null ? null : started.getPlannedRequests();
    return planned == null ? IntStream.empty() : IntStream.range(0, Math.toIntExact(planned));
  }
}
