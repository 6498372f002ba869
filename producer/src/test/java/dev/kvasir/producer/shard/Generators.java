package dev.kvasir.producer.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Generators in processes of their own. */
public final class Generators implements AutoCloseable {

  private final Map<String, Process> processes = new LinkedHashMap<>();

  private Generators() {}

  public static Generators start(String kafka, Path folder, List<String> names) throws IOException {
    Generators all = new Generators();
    for (String name : names) {
      all.processes.put(name, ShardProcess.start(kafka, folder, name, null));
    }
    return all;
  }

  /** Starts one more that believes in another address of the server. */
  public void join(String kafka, Path folder, String name, String server) throws IOException {
    processes.put(name, ShardProcess.start(kafka, folder, name, server));
  }

  /** Ends one without a word. */
  public void kill(String name) {
    Objects.requireNonNull(processes.get(name)).destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
    processes.values().forEach(each -> each.onExit().join());
  }
}
