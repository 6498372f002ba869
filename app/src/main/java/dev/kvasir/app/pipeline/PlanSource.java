package dev.kvasir.app.pipeline;

import dev.kvasir.producer.calibration.Observation;
import dev.kvasir.producer.plan.InvalidPlanException;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanOption;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.plan.PlanText;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.producer.workload.Datasets;
import dev.kvasir.simulator.profile.Profiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a plan is made from, in a form that another process can be told.
 *
 * @param name what problems call the file; null when the plan is given by options
 * @param yaml the file's text; null when the plan is given by options
 * @param settings values that replace those of the file, by key
 * @param options options by their preferred spelling, without dashes before it; empty for a file
 * @param folder what the plan's files are relative to
 * @param quick whether the file's short form is meant
 * @param pairs pairs of runs of the first cell that observe what observing costs; null for the plan
 *     as it is
 */
public record PlanSource(
    @Nullable String name,
    @Nullable String yaml,
    Map<String, String> settings,
    Map<String, List<String>> options,
    String folder,
    boolean quick,
    @Nullable Integer pairs) {

  /**
   * A plan file.
   *
   * @param settings values that replace those of the file, by key
   * @param quick whether its short form is meant
   * @throws IllegalArgumentException if it cannot be read
   */
  public static PlanSource file(Path file, Map<String, String> settings, boolean quick) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      return new PlanSource(
          file.toString(),
          Files.readString(file),
          settings,
          Map.of(),
          parent == null ? "/" : parent.toString(),
          quick,
          null);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "there is no plan file %s; give the path of one, such as examples/quickstart.yaml"
              .formatted(file),
          e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the plan file %s is no text in UTF-8; give a YAML file, such as examples/quickstart.yaml"
              .formatted(file),
          e);
    } catch (IOException e) {
      if (Files.isDirectory(file)) {
        throw new IllegalArgumentException(
            file + " is a folder; give the path of a plan file in it", e);
      }
      throw new UncheckedIOException("the plan file " + file + " cannot be read", e);
    }
  }

  /** A plan of one strategy, by options. */
  public static PlanSource options(Map<PlanOption, List<String>> options) {
    Map<String, List<String>> named = new LinkedHashMap<>();
    options.forEach((option, values) -> named.put(option.flag(), values));
    return new PlanSource(
        null, null, Map.of(), named, Path.of("").toAbsolutePath().toString(), false, null);
  }

  /** The same, for so many pairs of runs that find out what observing its first cell costs. */
  public PlanSource observing(int number) {
    return new PlanSource(name, yaml, settings, options, folder, quick, number);
  }

  /**
   * The plan.
   *
   * @throws InvalidPlanException with every problem
   */
  public Plan parse() {
    return pairs == null ? written() : Observation.of(written(), pairs);
  }

  /** Strategies whose events are held back until the load of their run has ended. */
  Set<String> heldBack() {
    return pairs == null ? Set.of() : Set.of(Observation.HELD_BACK);
  }

  private Plan written() {
    PlanParser parser = new PlanParser(datasets(), Set.copyOf(Profiles.names()));
    if (name != null && yaml != null) {
      return parser.parse(name, yaml, settings, quick);
    }
    Map<PlanOption, List<String>> typed = new LinkedHashMap<>();
    options.forEach((option, values) -> typed.put(PlanOption.of(option), values));
    return parser.parse(typed);
  }

  /** Where the plan's files are. */
  Datasets datasets() {
    return new DatasetFolder(Path.of(folder));
  }

  /** The plan as a run's record carries it: without secrets; null when it was given by options. */
  @Nullable String recorded(Plan plan) {
    return yaml == null ? null : PlanText.of(plan);
  }
}
