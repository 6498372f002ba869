package dev.kvasir.app.pipeline;

import dev.kvasir.producer.ServerAddresses;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.plan.Variant;
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

  private static final List<String> JVM =
      List.of("-XX:+UseZGC", "-Xms256m", "-Xmx256m", "-XX:CompileThresholdScaling=3");

  private final ChildJvm child;
  private final List<Variant> variants;
  private final Path emissions;

  private SimulatorProcess(ChildJvm child, List<Variant> variants, Path emissions) {
    this.child = child;
    this.variants = variants;
    this.emissions = emissions;
  }

  /** Starts the servers that a plan simulates; nothing when it simulates none. */
  public static Optional<SimulatorProcess> start(Home home, Plan plan) {
    List<Variant> variants =
        plan.servers().stream()
            .filter(variant -> variant.strategy().target() instanceof Target.Simulated)
            .toList();
    if (variants.isEmpty()) {
      return Optional.empty();
    }
    Path emissions = home.newEmissions();
    List<SimulatorOrder.Server> servers = new ArrayList<>();
    for (Variant variant : variants) {
      if (variant.strategy().target() instanceof Target.Simulated simulated) {
        servers.add(
            new SimulatorOrder.Server(
                variant.server(),
                profile(emissions, variant.server(), simulated),
                Map.of(),
                0,
                variant.strategy().model()));
      }
    }
    ChildJvm child = ChildJvm.start(home, "simulators", Processors.freeing(), JVM);
    child.tell(new SimulatorOrder(LOOPBACK, servers, emissions.toString(), plan.seed()));
    return Optional.of(new SimulatorProcess(child, variants, emissions));
  }

  /** Waits until the servers listen, or have refused to. */
  public ServerAddresses awaitServers() {
    SimulatorOrder.Listening heard = child.mustHear(SimulatorOrder.Listening.class);
    Map<String, String> addresses = new LinkedHashMap<>();
    for (Variant variant : variants) {
      Integer port = heard.ports().get(variant.server());
      if (port != null) {
        String path = variant.strategy().protocol().path();
        addresses.put(variant.server(), "http://%s:%d%s".formatted(LOOPBACK, port, path));
      }
    }
    return new ServerAddresses(addresses, heard.refusals());
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
  private static String profile(Path folder, String server, Target.Simulated simulated) {
    if (simulated.overrides().isEmpty()) {
      return simulated.profile();
    }
    Path file = folder.resolve(server + ".yaml");
    try {
      Files.createDirectories(folder);
      Files.writeString(file, ProfileText.of(simulated));
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }
}
