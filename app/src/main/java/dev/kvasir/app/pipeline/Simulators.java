package dev.kvasir.app.pipeline;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.profile.Profiles;
import dev.kvasir.simulator.server.SimulatedServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Simulated servers in this process. */
public final class Simulators implements AutoCloseable {

  private final SimulatedServers servers;
  private final List<String> models;

  private Simulators(SimulatedServers servers, List<String> models) {
    this.servers = servers;
    this.models = List.copyOf(models);
  }

  /** Starts all of them, or none. */
  public static Simulators start(SimulatorOrder order) {
    List<SimulatedServers.Server> servers = new ArrayList<>();
    List<String> models = new ArrayList<>();
    for (SimulatorOrder.Server each : order.servers()) {
      Profile profile = Profiles.load(each.profile());
      String model = each.model() == null ? profile.model().name() : each.model();
      models.add(model);
      servers.add(new SimulatedServers.Server(each.name(), profile, each.port(), model));
    }
    Path emissions = order.emissions() == null ? null : Path.of(order.emissions());
    return new Simulators(
        SimulatedServers.start(
            servers, new SimulatedServers.Options(order.host(), emissions, order.seed())),
        models);
  }

  /** In the order of the servers. */
  public List<Integer> ports() {
    return servers.ports();
  }

  /** The models that are served, in the order of the servers. */
  public List<String> models() {
    return models;
  }

  @Override
  public void close() {
    servers.close();
  }
}
