package dev.kvasir.app.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.ScheduleFile;
import dev.kvasir.producer.workload.DatasetException;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.producer.workload.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes when the requests of a plan's open loops are due, for other tools and other plans. */
public final class ScheduleExport {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final List<Path> written = new ArrayList<>();
  private boolean sessions;

  /**
   * What was written.
   *
   * @param files the files
   * @param sessions whether prompts were left out because they are the turns of sessions, of which
   *     only the first has a due time
   */
  public record Written(List<Path> files, boolean sessions) {
    public Written {
      files = List.copyOf(files);
    }
  }

  private ScheduleExport(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes, for each load point and repeat, the due times as comma-separated values and, where each
   * prompt has a time of its own, the prompts with them as lines of JSON. Closed loops and bursts
   * have no due times.
   *
   * @throws DatasetException if the workload cannot be read
   */
  public static Written write(PlanSource source, Plan plan, Path folder) {
    ScheduleExport export = new ScheduleExport(folder);
    Workloads workloads = Workloads.load(plan.workloads(), source.datasets());
    Set<String> names = new LinkedHashSet<>();
    try {
      Files.createDirectories(folder);
      for (RunSpec run : Matrix.of(plan).runs()) {
        String name = name(plan, run);
        if (names.add(name)) {
          export.write(name, Course.of(run, run.prompts(workloads)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the schedules cannot be written to " + folder, e);
    }
    return new Written(export.written, export.sessions);
  }

  /** Load point and repeat; where workloads differ, their parameters before them. */
  private static String name(Plan plan, RunSpec run) {
    String point = "%s-r%d".formatted(run.loadPoint(), run.repeat());
    return plan.workloads().size() == 1
        ? point
        : "%s-%s".formatted(run.variant().text().replaceAll("[^A-Za-z0-9.=_-]", "-"), point);
  }

  private void write(String name, Course course) throws IOException {
    Schedule schedule = course.schedule();
    if (schedule == null) {
      return;
    }
    write(name + ".csv", ScheduleFile.csv(schedule));
    boolean turns = course.chains().count() != course.prompts().size();
    sessions |= turns;
    if (!turns) {
      PrimitiveIterator.OfInt ordinals = IntStream.range(0, schedule.size()).iterator();
      write(
          name + ".jsonl",
          schedule.dueNanos().mapToObj(due -> line(due, course.prompt(ordinals.nextInt()))));
    }
  }

  private void write(String name, Stream<String> lines) throws IOException {
    Path file = folder.resolve(name);
    try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file))) {
      lines.forEach(line -> writer.append(line).append('\n'));
      if (writer.checkError()) {
        throw new IOException("writing to %s failed".formatted(file));
      }
    }
    written.add(file);
  }

  private static String line(long dueNanos, Prompt prompt) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("due_ns", dueNanos);
    fields.put("timestamp", dueNanos / 1e6);
    fields.put("prompt", prompt.text());
    fields.put("text", prompt.text());
    fields.put("input_length", prompt.promptTokens());
    if (prompt.outputTokens() != null) {
      fields.put("output_length", prompt.outputTokens());
    }
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a prompt cannot be written as JSON", e);
    }
  }
}
