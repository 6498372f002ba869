package dev.kvasir.producer.launch;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One kind of process, of which one or several instances start; its texts are templates.
 *
 * @param name unique in the strategy; instances are called {@code name-0}, {@code name-1}, …
 * @param count instances
 * @param command words, or one text for the shell
 * @param shell whether the command is a text for the shell
 * @param environment variables beside those that are inherited
 * @param folder working folder
 * @param port port of the first instance, the others follow; {@code 0} chooses a free one for each;
 *     null for none
 * @param devices accelerators of each instance, counted through all processes; null for none
 * @param after kinds of process that must be ready before this one starts
 * @param probe when an instance is ready
 * @param stop shell text that asks an instance to stop; null for a signal alone
 * @param stopWithin how long an instance may take to stop before it is killed
 */
public record ProcessTemplate(
    String name,
    String count,
    List<String> command,
    boolean shell,
    Map<String, String> environment,
    String folder,
    @Nullable String port,
    @Nullable String devices,
    List<String> after,
    ProbeTemplate probe,
    @Nullable String stop,
    Duration stopWithin) {

  public ProcessTemplate {
    command = List.copyOf(command);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    after = List.copyOf(after);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("the process " + name + " has no command");
    }
  }

  /**
   * When an instance is ready.
   *
   * @param url address that must answer; a path alone is one on the instance's port; null for
   *     {@code /health} there, or for a process without a port as soon as it runs
   * @param status HTTP status of the answer
   * @param within time limit
   */
  public record ProbeTemplate(@Nullable String url, int status, Duration within) {}
}
