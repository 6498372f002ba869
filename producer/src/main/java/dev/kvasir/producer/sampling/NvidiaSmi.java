package dev.kvasir.producer.sampling;

import dev.kvasir.event.SampleSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GPUs of this host as {@code nvidia-smi} sees them, under the names that DCGM gives the same
 * quantities. One process of it runs as long as the probe does.
 */
final class NvidiaSmi implements Probe {

  private static final Logger LOG = LoggerFactory.getLogger(NvidiaSmi.class);
  private static final long STOP_SECONDS = 2;
  private static final int MOST_WAITING = 10_000;

  /** What is asked, and the name of its samples, in the order of the columns after index, uuid. */
  private static final List<Map.Entry<String, String>> COLUMNS =
      List.of(
          Map.entry("memory.used", "DCGM_FI_DEV_FB_USED"),
          Map.entry("memory.free", "DCGM_FI_DEV_FB_FREE"),
          Map.entry("utilization.gpu", "DCGM_FI_DEV_GPU_UTIL"),
          Map.entry("utilization.memory", "DCGM_FI_DEV_MEM_COPY_UTIL"),
          Map.entry("power.draw", "DCGM_FI_DEV_POWER_USAGE"));

  private final String program;
  private final Process process;
  private volatile boolean gave;
  private volatile @Nullable String said;
  private final BlockingQueue<Reading> waiting = new LinkedBlockingQueue<>(MOST_WAITING);

  private NvidiaSmi(String program, Process process) {
    this.program = program;
    this.process = process;
  }

  /** Starts it; nothing is read from one that cannot be started, which is logged. */
  static Probe start(String program) {
    String query =
        "--query-gpu=index,uuid,"
            + String.join(",", COLUMNS.stream().map(Map.Entry::getKey).toList());
    try {
      Process process =
          new ProcessBuilder(program, query, "--format=csv,noheader,nounits", "--loop=1")
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .start();
      NvidiaSmi probe = new NvidiaSmi(program, process);
      Thread.ofPlatform().name("nvidia-smi").daemon().start(probe::listen);
      return probe;
    } catch (IOException e) {
      LOG.warn(
          "the GPUs are not sampled: a program cannot be run program={} reason=\"{}\"",
          program,
          e.getMessage());
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Nothing(
          program, "it cannot be run: " + String.valueOf(cause.getMessage()).strip());
    }
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<Reading> readings = read(line);
        if (readings.isEmpty() && said == null) {
          said = line;
          LOG.warn("nvidia-smi says line=\"{}\"", line);
        }
        gave |= !readings.isEmpty();
        readings.forEach(waiting::offer);
      }
    } catch (IOException e) {
      LOG.debug("nvidia-smi ended reason=\"{}\"", e.toString());
    }
  }

  /** The readings of one line; what a GPU does not support is left out. */
  static List<Reading> read(String line) {
    String[] values = line.split(",", -1);
    List<Reading> readings = new ArrayList<>();
    if (values.length != COLUMNS.size() + 2) {
      return readings;
    }
    Map<String, String> labels = Map.of("gpu", values[0].strip(), "UUID", values[1].strip());
    for (int i = 0; i < COLUMNS.size(); i++) {
      String value = values[i + 2].strip();
      if (value.matches("-?\\d+(\\.\\d+)?")) {
        readings.add(
            new Reading(
                SampleSource.GPU,
                COLUMNS.get(i).getValue(),
                labels,
                Double.parseDouble(value),
                false));
      }
    }
    return readings;
  }

  @Override
  public List<Reading> read() {
    List<Reading> readings = new ArrayList<>();
    waiting.drainTo(readings);
    return readings;
  }

  @Override
  public String name() {
    return program;
  }

  @Override
  public @Nullable String failure() {
    if (gave && process.isAlive()) {
      return null;
    }
    String words = said;
    if (words != null) {
      return "it says: " + words;
    }
    return process.isAlive()
        ? "it has said nothing"
        : "it ended with status " + process.exitValue();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Stands in for one that could not be started. */
  private record Nothing(String name, String failure) implements Probe {

    @Override
    public List<Reading> read() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
