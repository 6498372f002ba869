package dev.kvasir.app.pipeline;

import dev.kvasir.producer.ServerAddresses;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The generator in a process beside this one, so that pauses of this one are not measured. */
public final class GeneratorProcess implements AutoCloseable {

  static final List<String> JVM =
      List.of("-XX:+UseZGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

  private final ChildJvm child;

  private GeneratorProcess(ChildJvm child) {
    this.child = child;
  }

  /** Starts the process; it reads the plan and loads the prompts while Kafka is starting. */
  public static GeneratorProcess start(Home home, GeneratorOrder order) {
    ChildJvm child = ChildJvm.start(home, "generator", JVM);
    child.tell(order);
    return new GeneratorProcess(child);
  }

  /** Says that Kafka and the servers are up. */
  public void go(ServerAddresses servers) {
    child.tell(Map.of("servers", servers));
  }

  /** Waits for the next news; null when the process has ended. */
  public @Nullable GeneratorNews next() {
    return child.hear(GeneratorNews.class);
  }

  /** Ends the run under way as aborted and starts no further one. */
  public void stop() {
    stop(List.of());
  }

  /**
   * The same.
   *
   * @param reasons what the run under way says of it, one sentence each
   */
  public void stop(List<String> reasons) {
    child.tell(Map.of("stop", reasons));
  }

  /** What the process last wrote to its standard error. */
  public String lastWords() {
    return child.lastWords();
  }

  @Override
  public void close() {
    child.close();
  }
}
