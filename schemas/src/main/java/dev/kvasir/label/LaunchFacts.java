package dev.kvasir.label;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of how a strategy's servers were started.
 *
 * @param engine engine that serves, such as {@code vllm}; null when only the commands tell
 * @param processes its processes, one for each instance; empty when nobody knows
 * @param parameters further facts by name, such as {@code routing_index}, {@code bandwidth}, {@code
 *     arcc}, {@code kv-bytes-per-token}, {@code num_prefill_instances}
 */
public record LaunchFacts(
    @Nullable String engine, List<Launched> processes, Map<String, String> parameters) {

  public LaunchFacts {
    processes = List.copyOf(processes);
    parameters = Map.copyOf(parameters);
  }

  /**
   * One process.
   *
   * @param name what it is called; one that begins with {@code prefill} or {@code decode} says its
   *     role
   * @param command its words, or a single word of shell text
   * @param environment variables that it was given
   */
  public record Launched(String name, List<String> command, Map<String, String> environment) {

    public Launched {
      command = List.copyOf(command);
      environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }
  }

  /** Those of a single process. */
  public static LaunchFacts of(
      @Nullable String engine,
      List<String> command,
      Map<String, String> environment,
      Map<String, String> parameters) {
    return new LaunchFacts(
        engine, List.of(new Launched("server", command, environment)), parameters);
  }

  /**
   * Those of a single process, as people write them down.
   *
   * @param command shell text: the whole command, or its arguments alone
   * @param environment shell text: {@code A=1 B=2}
   */
  public static LaunchFacts ofText(
      @Nullable String engine, String command, String environment, Map<String, String> parameters) {
    Map<String, String> variables = new LinkedHashMap<>();
    ShellWords.split(environment).forEach(word -> ShellWords.assign(word, variables));
    return of(engine, ShellWords.split(command), variables, parameters);
  }
}
