package dev.kvasir.producer.launch;

import dev.kvasir.label.LaunchFacts;
import dev.kvasir.label.ShellWords;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a process, ready to be started.
 *
 * @param name unique in its launch
 * @param kind name of its template
 * @param command words, or one text for the shell
 * @param shell whether the command is a text for the shell
 * @param environment variables beside those that are inherited; may hold secrets
 * @param folder working folder
 * @param port port that it listens on; null when nobody said
 * @param after kinds of process that must be ready before it starts
 * @param probe when it is ready
 * @param stop shell text that asks it to stop; null for a signal alone
 * @param stopWithin how long it may take to stop before it is killed
 */
public record LaunchedProcess(
    String name,
    String kind,
    List<String> command,
    boolean shell,
    Map<String, String> environment,
    String folder,
    @Nullable Integer port,
    List<String> after,
    Probe probe,
    @Nullable String stop,
    Duration stopWithin) {

  public LaunchedProcess {
    command = List.copyOf(command);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    after = List.copyOf(after);
  }

  /**
   * When it is ready.
   *
   * @param url address that must answer; null when running is enough
   * @param status HTTP status of the answer
   * @param within time limit
   */
  public record Probe(@Nullable String url, int status, Duration within) {}

  /** The words to be executed. */
  public List<String> words() {
    return shell ? List.of("/bin/sh", "-c", command.getFirst()) : command;
  }

  /** The command as shell text, without secrets. */
  public String line() {
    return shell
        ? Secrets.removedFrom(command.getFirst())
        : ShellWords.join(Secrets.removedFrom(command));
  }

  LaunchFacts.Launched facts() {
    return new LaunchFacts.Launched(name, command, environment);
  }
}
