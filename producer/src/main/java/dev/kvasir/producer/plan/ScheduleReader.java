package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.arrival.Timing;
import dev.kvasir.producer.workload.Datasets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the files of due times that a plan names. */
final class ScheduleReader {

  private final Section load;
  private final Datasets datasets;

  ScheduleReader(Section load, Datasets datasets) {
    this.load = load;
    this.datasets = datasets;
  }

  List<Timing.Listed> read() {
    List<Timing.Listed> read = new ArrayList<>();
    for (String file : load.values("schedule", Value.TEXT)) {
      Timing.Listed listed = read(file);
      if (listed != null) {
        read.add(listed);
      }
    }
    return read;
  }

  private Timing.@Nullable Listed read(String file) {
    if (!datasets.readable(file)) {
      refuse(
          "%s is %s, and there is no such file at %s"
              .formatted(load.name("schedule"), file, datasets.resolve(file)));
      return null;
    }
    try (InputStream bytes = datasets.bytes(file)) {
      Schedule schedule =
          ScheduleFile.read(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
      return new Timing.Listed(name(file), datasets.resolve(file), schedule);
    } catch (IOException | IllegalArgumentException e) {
      refuse("%s: %s".formatted(file, e.getMessage()));
      return null;
    }
  }

  private void refuse(String what) {
    load.add(
        "schedule",
        what,
        "give lines with a column or field `due_ns` or `due_s`, never decreasing, as `kvasir plan"
            + " --export-schedule` writes them");
  }

  /** The file's name without its folder and ending, of the characters of a load point's text. */
  private static String name(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.[A-Za-z]+$", "");
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
  }
}
