package dev.kvasir.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class DiskGuardTest {

  private static final long MIB = 1L << 20;
  private static final long LIMIT = 2048 * MIB;
  private static final long AT = 7;
  private static final Home HOME = Home.at(Path.of("/measured"));

  private final List<SpecificRecord> alerts = new ArrayList<>();
  private long free = 8192 * MIB;
  private boolean readable = true;
  private final DiskGuard guard =
      new DiskGuard(HOME, new DiskWatch(HOME, true, this::space), () -> AT, alerts::add);

  @Test
  void aDiskWithRoomIsNotSpokenOf() {
    guard.hear(new GeneratorNews.Started(1, "first"));

    assertThat(guard.look()).isNull();
    assertThat(guard.isFull()).isFalse();
    assertThat(guard.hasAlerted()).isFalse();
    assertThat(alerts).isEmpty();
  }

  @Test
  void aNearlyFullDiskIsSaidOnceAndIsAnAlertOfEachRunThatItGoesOnIn() {
    guard.hear(new GeneratorNews.Started(1, "first"));
    free = 1843 * MIB;

    assertThat(guard.look())
        .isEqualTo(
            "the disk of /measured has 1.8 GiB left; at 512 MiB runs are stopped: free some room, or move the home with --home");
    assertThat(guard.look()).isNull();
    guard.hear(finished(1));
    guard.hear(new GeneratorNews.Started(2, "second"));

    assertThat(alerts).containsExactly(raised(1, 1843 * MIB), raised(2, 1843 * MIB));
    assertThat(guard.isFull()).isFalse();
    assertThat(guard.hasAlerted()).isTrue();
  }

  @Test
  void roomThatComesBackClearsTheAlert() {
    guard.hear(new GeneratorNews.Started(1, "first"));
    free = 1024 * MIB;
    guard.look();
    free = LIMIT;
    assertThat(guard.look()).as("no room to speak of").isNull();
    free = 4096 * MIB;

    assertThat(guard.look())
        .isEqualTo("the disk of /measured has 4.0 GiB left, which is enough again");
    assertThat(alerts)
        .containsExactly(
            raised(1, 1024 * MIB),
            new AlertCleared(1L, AT, "disk-nearly-full", "disk_free_bytes", 4096.0 * MIB));
    guard.hear(finished(1));
    guard.hear(new GeneratorNews.Started(2, "second"));
    assertThat(alerts).hasSize(2);
  }

  @Test
  void aFullDiskStopsTheRunAndSaysWhyAlthoughRoomComesBackMeanwhile() {
    guard.hear(new GeneratorNews.Started(1, "first"));
    free = 500 * MIB;

    assertThat(guard.look())
        .isEqualTo(
            "the disk of /measured has 500 MiB left, and below 512 MiB no run is made; what was measured is kept: free some room, or move the home with --home");
    free = 8192 * MIB;
    guard.look();

    assertThat(guard.isFull()).isTrue();
    assertThat(guard.reason()).isEqualTo("the disk of /measured was nearly full");
    assertThat(alerts).startsWith(raised(1, 500 * MIB));
  }

  @Test
  void aDiskThatCannotBeReadIsWhatItWas() {
    free = 1024 * MIB;
    assertThat(guard.look()).isNotNull();
    readable = false;

    assertThat(guard.look()).isNull();
    readable = true;
    assertThat(guard.look()).isNull();
    assertThat(guard.isFull()).isFalse();
  }

  @Test
  void aStageThatRunsAloneSaysThatItIsNotReadyAndStopsNoRun() {
    DiskWatch watch = new DiskWatch(HOME, false, this::space);
    free = 500 * MIB;

    assertThat(watch.look())
        .isEqualTo(
            "the disk of /measured has 500 MiB left, and below 512 MiB /ready says no: free some room, or move the home with --home");
  }

  @Test
  void aGeneratorThatRunsAloneStopsItsRunOnce() {
    List<String> told = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    try (DiskPatrol patrol = new DiskPatrol(guard, told::add, reasons::addAll)) {
      free = 1024 * MIB;
      assertThat(patrol.refusal()).isNull();
      assertThat(told).singleElement().asString().contains("1.0 GiB left");

      patrol.hear(new GeneratorNews.Started(1, "first"));
      free = 500 * MIB;
      patrol.look();
      patrol.look();
    }

    assertThat(reasons).containsExactly("the disk of /measured was nearly full");
    assertThat(told).hasSize(2);
  }

  @Test
  void aGeneratorThatRunsAloneDoesNotBeginOnAFullDisk() {
    free = 500 * MIB;
    try (DiskPatrol patrol = new DiskPatrol(guard, told -> {}, stop -> {})) {
      assertThat(patrol.refusal()).contains("no run is made");
    }
  }

  private DiskSpace space() throws IOException {
    if (!readable) {
      throw new IOException("Stale file handle");
    }
    return new DiskSpace(free, 1000 * 1024 * MIB);
  }

  private static AlertRaised raised(long run, long free) {
    return new AlertRaised(
        run, AT, "disk-nearly-full", "disk_free_bytes", (double) free, (double) LIMIT);
  }

  private static GeneratorNews finished(long run) {
    return new GeneratorNews.Finished(run, "r", "VALID", List.of(), 1, 1, 1);
  }
}
