package dev.kvasir.app.pipeline;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.profile.OutOfGpuMemoryException;
import dev.kvasir.simulator.profile.Profiles;
import dev.kvasir.simulator.server.SimulatedServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Simulated servers in this process. */
public final class Simulators implements AutoCloseable {

  private final @Nullable SimulatedServers running;
  private final List<SimulatedServers.Server> servers;
  private final Map<String, String> refusals;

  private Simulators(
      @Nullable SimulatedServers running,
      List<SimulatedServers.Server> servers,
      Map<String, String> refusals) {
    this.running = running;
    this.servers = servers;
    this.refusals = refusals;
  }

  /**
   * Starts all of them, or none.
   *
   * @throws OutOfGpuMemoryException if one does not fit its GPUs
   */
  public static Simulators start(SimulatorOrder order) {
    return start(order, order.servers().stream().map(Simulators::server).toList(), Map.of());
  }

  /**
   * Starts those that fit their GPUs; each of the others refuses by itself, as a real one would.
   */
  public static Simulators startThoseThatFit(SimulatorOrder order) {
    List<SimulatedServers.Server> fitting = new ArrayList<>();
    Map<String, String> refusals = new LinkedHashMap<>();
    for (SimulatorOrder.Server each : order.servers()) {
      try {
        fitting.add(server(each));
      } catch (OutOfGpuMemoryException e) {
        refusals.put(each.name(), String.valueOf(e.getMessage()));
      }
    }
    return start(order, fitting, refusals);
  }

  private static Simulators start(
      SimulatorOrder order, List<SimulatedServers.Server> servers, Map<String, String> refusals) {
    Path emissions = order.emissions() == null ? null : Path.of(order.emissions());
    SimulatedServers.Options options =
        new SimulatedServers.Options(order.host(), emissions, order.seed());
    return new Simulators(
        servers.isEmpty() ? null : SimulatedServers.start(servers, options), servers, refusals);
  }

  private static SimulatedServers.Server server(SimulatorOrder.Server wanted) {
    Profile profile = Profiles.load(wanted.profile(), wanted.changes());
    String model = wanted.model() == null ? profile.model().name() : wanted.model();
    return new SimulatedServers.Server(wanted.name(), profile, wanted.port(), model);
  }

  /** Which of them listen, and why the others do not. */
  public SimulatorOrder.Listening listening() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    List<Integer> found = ports();
    for (int i = 0; i < servers.size(); i++) {
      ports.put(servers.get(i).name(), found.get(i));
    }
    return new SimulatorOrder.Listening(ports, refusals);
  }

  /** In the order of the servers that listen. */
  public List<Integer> ports() {
    return running == null ? List.of() : running.ports();
  }

  /** The models that are served, in the order of the servers that listen. */
  public List<String> models() {
    return servers.stream().map(SimulatedServers.Server::model).toList();
  }

  @Override
  public void close() {
    if (running != null) {
      running.close();
    }
  }
}
