package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.Datasets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Makes plans from text or from options. Whatever is wrong is reported at once, each problem with
 * its place.
 *
 * @param datasets where a plan's files are looked for
 * @param profiles names of the simulator's profiles; empty when they are not known, and then not
 *     checked
 */
public record PlanParser(Datasets datasets, Set<String> profiles) {

  public PlanParser {
    profiles = Set.copyOf(profiles);
  }

  /**
   * Parses a plan file.
   *
   * @param name what problems call the file
   * @param yaml its text
   * @throws InvalidPlanException with every problem
   */
  public Plan parse(String name, String yaml) {
    return parse(name, yaml, Map.of());
  }

  /**
   * Parses a plan file, some of whose values are replaced.
   *
   * @param name what problems call the file
   * @param yaml its text
   * @param settings values by key: a path such as {@code load.rates} or {@code
   *     strategies.NAME.gpus}, or the name of a parameter; values are YAML
   * @throws InvalidPlanException with every problem
   */
  public Plan parse(String name, String yaml, Map<String, String> settings) {
    return parse(name, yaml, settings, false);
  }

  /**
   * The same, perhaps of the plan's short form.
   *
   * @param quick whether the values under {@code quick} replace the plan's; settings win over both
   * @throws InvalidPlanException with every problem
   */
  public Plan parse(String name, String yaml, Map<String, String> settings, boolean quick) {
    Problems problems = new Problems(UnaryOperator.identity());
    PlanNode root = YamlTree.read(name, yaml, problems);
    if (root == null) {
      throw problems.exception();
    }
    PlanNode form = new QuickForm(problems).apply(root, quick);
    return read(new Settings(problems).apply(form, settings), problems);
  }

  /**
   * Makes the plan of a single strategy from command line options.
   *
   * @param options the values of each option that was given, in the order in which they were
   * @throws InvalidPlanException with every problem
   */
  public Plan parse(Map<PlanOption, List<String>> options) {
    Problems problems = new Problems(PlanOption::flagFor);
    return read(OptionTree.of(options, problems), problems);
  }

  private Plan read(PlanNode root, Problems problems) {
    Plan plan = new PlanReader(root, datasets, profiles, problems).read();
    if (plan == null) {
      throw problems.exception();
    }
    return plan;
  }
}
