package dev.kvasir.producer.launch;

import dev.kvasir.label.LaunchFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Servers ready to be started. Launches that are equal can serve for one another.
 *
 * @param url where requests go
 * @param processes every instance, in the order in which they start
 */
public record Launch(String url, List<LaunchedProcess> processes) {

  public Launch {
    processes = List.copyOf(processes);
  }

  /**
   * The command of each process as shell text, without secrets; behind it, where there are several
   * processes, a comment with its name.
   */
  public List<String> lines() {
    if (processes.size() == 1) {
      return List.of(processes.getFirst().line());
    }
    return processes.stream().map(each -> each.line() + " # " + each.name()).toList();
  }

  /**
   * The environment without secrets: a variable that every process has with one value by its name,
   * another as {@code process.NAME}.
   */
  public Map<String, String> environment() {
    Map<String, String> all = new LinkedHashMap<>();
    for (LaunchedProcess process : processes) {
      process
          .environment()
          .forEach((name, value) -> {
            boolean everywhere =
                processes.stream()
                    .allMatch(each -> Objects.equals(each.environment().get(name), value));
            all.put(everywhere ? name : process.name() + "." + name, Secrets.shown(name, value));
          });
    }
    return all;
  }

  /**
   * What labels are derived from.
   *
   * @param parameters further facts, such as the labels that were declared
   */
  public LaunchFacts facts(Map<String, String> parameters) {
    List<LaunchFacts.Launched> launched = new ArrayList<>();
    processes.forEach(process -> launched.add(process.facts()));
    return new LaunchFacts(null, launched, parameters);
  }
}
