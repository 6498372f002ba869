package dev.kvasir.app.pipeline;

import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every simulated server of a plan, in one process beside this one. */
public final class SimulatorProcess implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";

  private static final List<String> JVM = List.of("-XX:+UseZGC", "-Xms256m", "-Xmx256m");

  private final ChildJvm child;
  private final List<Strategy> strategies;
  private final Path emissions;

  private SimulatorProcess(ChildJvm child, List<Strategy> strategies, Path emissions) {
    this.child = child;
    this.strategies = strategies;
    this.emissions = emissions;
  }

  /** Starts the servers that a plan simulates; nothing when it simulates none. */
  public static Optional<SimulatorProcess> start(Home home, Plan plan) {
    List<Strategy> strategies =
        plan.strategies().stream()
            .filter(strategy -> strategy.target() instanceof Target.Simulated)
            .toList();
    if (strategies.isEmpty()) {
      return Optional.empty();
    }
    Path emissions = home.newEmissions();
    List<SimulatorOrder.Server> servers = new ArrayList<>();
    for (Strategy strategy : strategies) {
      if (strategy.target() instanceof Target.Simulated simulated) {
        servers.add(
            new SimulatorOrder.Server(
                strategy.name(), profile(emissions, strategy, simulated), 0, strategy.model()));
      }
    }
    ChildJvm child = ChildJvm.start(home, "simulators", JVM, List.of("child-simulators"));
    child.tell(new SimulatorOrder(LOOPBACK, servers, emissions.toString(), plan.seed()));
    return Optional.of(new SimulatorProcess(child, strategies, emissions));
  }

  /** Waits until the servers listen; their addresses by strategy. */
  public Map<String, String> awaitServers() {
    List<Integer> ports = child.mustHear(SimulatorOrder.Listening.class).ports();
    Map<String, String> addresses = new LinkedHashMap<>();
    for (int i = 0; i < ports.size(); i++) {
      Strategy strategy = strategies.get(i);
      addresses.put(
          strategy.name(),
          "http://%s:%d%s".formatted(LOOPBACK, ports.get(i), strategy.protocol().path()));
    }
    return addresses;
  }

  /** The record of what the servers emitted, complete once this is closed. */
  public Path emissions() {
    return emissions.resolve("emissions.csv");
  }

  /** The folder of that record. */
  public Path folder() {
    return emissions;
  }

  @Override
  public void close() {
    child.close();
  }

  /** The profile's name, or a file beside the emissions that changes some of its values. */
  private static String profile(Path folder, Strategy strategy, Target.Simulated simulated) {
    if (simulated.overrides().isEmpty()) {
      return simulated.profile();
    }
    Path file = folder.resolve(strategy.name() + ".yaml");
    try {
      Files.createDirectories(folder);
      Files.writeString(file, ProfileText.of(simulated));
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }
}
