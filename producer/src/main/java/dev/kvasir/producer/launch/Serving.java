package dev.kvasir.producer.launch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a strategy as templates: texts in which <code>${name}</code> stands for a
 * parameter, and <code>${a + b * c}</code> for a sum of whole numbers.
 *
 * @param url where requests go; null for the usual path on the last process's port
 * @param path usual path of the strategy's protocol
 * @param parameters names and values that a cell's own replace
 * @param processes in the order in which they start; at least one, with different names
 * @param fresh whether every run gets newly started servers
 */
public record Serving(
    @Nullable String url,
    String path,
    Map<String, String> parameters,
    List<ProcessTemplate> processes,
    boolean fresh) {

  public Serving {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    processes = List.copyOf(processes);
  }

  /** What is wrong with the templates under a cell's parameters; empty when nothing is. */
  public List<String> problems(Map<String, String> varied) {
    Filling filling = new Filling(this, varied, () -> 0);
    filling.launch();
    return filling.problems();
  }

  /** The launch as it is written, in which a port to be chosen is 0; equal launches are one. */
  public Launch launch(Map<String, String> varied) {
    return launch(varied, () -> 0);
  }

  /**
   * The launch of a cell.
   *
   * @param varied the cell's parameters, which replace the strategy's own
   * @param freePort chooses a port for each that is written as 0
   * @throws IllegalArgumentException with every problem
   */
  public Launch launch(Map<String, String> varied, IntSupplier freePort) {
    Filling filling = new Filling(this, varied, freePort);
    Launch launch = filling.launch();
    if (!filling.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", filling.problems()));
    }
    return launch;
  }
}
