package dev.kvasir.app.pipeline;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the process of the simulated servers is asked for.
 *
 * @param host address that they listen on
 * @param servers the servers, with different names
 * @param emissions folder to write every emission time to; null for none
 * @param seed of what the servers answer
 */
public record SimulatorOrder(
    String host, List<Server> servers, @Nullable String emissions, long seed) {

  public SimulatorOrder {
    servers = List.copyOf(servers);
  }

  /**
   * One server.
   *
   * @param name its name in the emission log
   * @param profile name or file of its profile
   * @param changes values that replace the profile's, by key
   * @param port 0 for a free one
   * @param model the model that it serves; null for the profile's own
   */
  public record Server(
      String name, String profile, Map<String, String> changes, int port, @Nullable String model) {

    public Server {
      changes = Map.copyOf(changes);
    }
  }

  /**
   * The answer.
   *
   * @param ports of the servers that listen, by their names
   * @param refusals why the others do not, by their names
   */
  public record Listening(Map<String, Integer> ports, Map<String, String> refusals) {

    public Listening {
      ports = Map.copyOf(ports);
      refusals = Map.copyOf(refusals);
    }
  }
}
