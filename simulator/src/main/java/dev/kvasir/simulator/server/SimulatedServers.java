package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.Profile;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Simulated servers in this process, each with an engine and an event loop of its own. */
public final class SimulatedServers implements AutoCloseable {

  /**
   * One server to start.
   *
   * @param name its name in the emission log
   * @param profile how it behaves
   * @param port 0 for a free one
   * @param model the model name that clients use
   */
  public record Server(String name, Profile profile, int port, String model) {
    public Server {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException(
            "the port of %s is %d; expected 0 to 65535".formatted(name, port));
      }
    }
  }

  /**
   * What all servers share.
   *
   * @param host the address to bind
   * @param emissions the folder for {@code emissions.csv} and {@code requests.csv}, null for none
   * @param seed of what the servers answer
   */
  public record Options(String host, @Nullable Path emissions, long seed) {
    /** Loopback only, no emission log. */
    public static Options defaults() {
      return new Options("127.0.0.1", null, 0);
    }
  }

  private final Vertx vertx;
  private final @Nullable EmissionLog log;
  private final List<SimulatedServer> servers = new ArrayList<>();

  private SimulatedServers(Vertx vertx, @Nullable EmissionLog log) {
    this.vertx = vertx;
    this.log = log;
  }

  /**
   * Starts all of them, or none.
   *
   * @throws IllegalArgumentException if two have one name, or there is none
   * @throws IllegalStateException if one cannot listen
   * @throws java.io.UncheckedIOException if the emission log cannot be written
   */
  public static SimulatedServers start(List<Server> servers, Options options) {
    checkNames(servers);
    EpochClock clock = EpochClock.anchored();
    Path folder = options.emissions();
    EmissionLog log = folder == null ? null : new EmissionLog(folder, clock);
    SimulatedServers started = new SimulatedServers(vertx(servers.size()), log);
    try {
      for (Server server : servers) {
        started.add(server, options, clock);
      }
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** In the order in which they were given. */
  public List<Integer> ports() {
    return servers.stream().map(SimulatedServer::port).toList();
  }

  /** Drops the clients, stops listening, and closes the emission log. */
  @Override
  public void close() {
    vertx.close().await();
    if (log != null) {
      log.close();
    }
  }

  private void add(Server server, Options options, EpochClock clock) {
    SimulatedServer verticle = new SimulatedServer(server, options, clock, log);
    try {
      vertx.deployVerticle(verticle, new DeploymentOptions()).await();
    } catch (Exception e) {
      throw cannotListen(server, options, e);
    }
    servers.add(verticle);
  }

  private static IllegalStateException cannotListen(
      Server server, Options options, Exception cause) {
    return new IllegalStateException(
        "the simulated server %s cannot listen on %s:%d (%s); expected a free port"
            .formatted(server.name(), options.host(), server.port(), cause.getMessage()),
        cause);
  }

  private static void checkNames(List<Server> servers) {
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no server was given; expected at least one");
    }
    Set<String> names = new HashSet<>();
    for (Server server : servers) {
      if (!names.add(server.name())) {
        throw new IllegalArgumentException(
            "two servers are called %s; expected a name for each".formatted(server.name()));
      }
    }
  }

  private static Vertx vertx(int eventLoops) {
    Transport epoll = Transport.EPOLL;
    Transport transport = epoll != null && epoll.available() ? epoll : Transport.NIO;
    return Vertx.builder()
        .with(
            new VertxOptions()
                .setEventLoopPoolSize(eventLoops)
                .setWorkerPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)))
        .withTransport(transport)
        .build();
  }
}
