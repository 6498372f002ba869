package dev.kvasir.app.pipeline;

import java.util.List;
import java.util.Map;

/** A recording loopback emitter in a process beside this one. */
public final class EmitterProcess implements AutoCloseable {

  private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xms512m", "-Xmx512m");

  private final ChildJvm child;
  private final String url;

  private EmitterProcess(ChildJvm child, String url) {
    this.child = child;
    this.url = url;
  }

  /** What it tells when it listens. */
  public record Listening(String url) {}

  /** Starts it and waits until it listens. */
  public static EmitterProcess start(Home home, int tokensPerSecond) {
    ChildJvm child = ChildJvm.start(home, "emitter", Processors.freeing(), JVM);
    child.tell(Map.of("tokensPerSecond", tokensPerSecond));
    return new EmitterProcess(child, child.mustHear(Listening.class).url());
  }

  /** Where it takes completions. */
  public String url() {
    return url;
  }

  @Override
  public void close() {
    child.close();
  }
}
