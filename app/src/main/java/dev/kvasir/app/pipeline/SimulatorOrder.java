package dev.kvasir.app.pipeline;

import java.util.List;
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
   * @param port 0 for a free one
   * @param model the model that it serves; null for the profile's own
   */
  public record Server(String name, String profile, int port, @Nullable String model) {}

  /**
   * The answer.
   *
   * @param ports one for each server, in their order
   */
  public record Listening(List<Integer> ports) {

    public Listening {
      ports = List.copyOf(ports);
    }
  }
}
