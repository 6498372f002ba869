package dev.kvasir.producer;

import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.launch.Launch;
import dev.kvasir.producer.launch.Serving;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.plan.Variant;
import dev.kvasir.producer.server.Servers;
import dev.kvasir.producer.server.Standing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servers of a plan's strategies. The thread that executes the plan owns it. */
final class Targets implements AutoCloseable {

  private static final int CONNECT_MILLIS = 3000;

  /** Stands in the records of runs whose server never had an address. */
  private static final String NOWHERE = "http://127.0.0.1:0";

  private final Map<Strategy, Endpoint> endpoints;
  private final Map<Strategy, String> refusals;
  private final Servers servers;
  private final Map<String, List<String>> failedCells = new HashMap<>();

  private Targets(
      Map<Strategy, Endpoint> endpoints, Map<Strategy, String> refusals, Servers servers) {
    this.endpoints = endpoints;
    this.refusals = refusals;
    this.servers = servers;
  }

  /**
   * Where the requests of a run go.
   *
   * @param endpoint address
   * @param launch how its servers were started; null when Kvasir did not start them
   * @param problems why no request can be sent; empty when they can
   */
  record Place(Endpoint endpoint, @Nullable Launch launch, List<String> problems) {}

  /**
   * Finds the endpoint of each strategy.
   *
   * @param addresses where servers are that the plan does not say
   * @param servers starts what strategies ask for
   * @throws IllegalArgumentException if a simulated strategy has no address, or one is no URL
   */
  static Targets of(Plan plan, ServerAddresses addresses, Servers servers) {
    Map<Strategy, Endpoint> endpoints = new HashMap<>();
    Map<Strategy, String> refusals = new HashMap<>();
    for (Variant variant : plan.servers()) {
      Strategy strategy = variant.strategy();
      String refusal = addresses.refusals().get(variant.server());
      if (refusal != null) {
        refusals.put(strategy, refusal);
        continue;
      }
      String address = address(variant, addresses.urls());
      if (address != null) {
        Endpoint endpoint = Endpoint.parse(address, strategy.protocol().path());
        endpoints.put(strategy, Credentials.trusted(endpoint, strategy.access()));
      }
    }
    return new Targets(endpoints, refusals, servers);
  }

  private static @Nullable String address(Variant variant, Map<String, String> addresses) {
    Strategy strategy = variant.strategy();
    String given = addresses.getOrDefault(variant.server(), addresses.get(strategy.name()));
    if (given != null) {
      return given;
    }
    return switch (strategy.target()) {
      case Target.Remote remote -> remote.url();
      case Target.Served _ -> null;
      case Target.Simulated simulated ->
          throw new IllegalArgumentException(
              "strategy "
                  + strategy.name()
                  + " is simulated and no address of its simulator was given");
    };
  }

  /**
   * Has the servers of a run stand, starting them where it is asked for.
   *
   * @param onFailure what is run, on another thread, when they die
   */
  Place place(RunSpec spec, Runnable onFailure) throws InterruptedException {
    Strategy strategy = spec.strategy();
    servers.onFailure(() -> {});
    String refusal = refusals.get(strategy);
    if (refusal != null) {
      Endpoint nowhere = Endpoint.parse(NOWHERE, strategy.protocol().path());
      return new Place(nowhere, null, List.of(refusal));
    }
    if (!(strategy.target() instanceof Target.Served(Serving serving))
        || endpoints.containsKey(strategy)) {
      return new Place(of(strategy), null, List.of());
    }
    List<String> earlier = failedCells.get(spec.cell());
    if (earlier != null) {
      return place(strategy, serving.launch(spec.parameters()), earlier);
    }
    return switch (servers.stand(strategy.name(), serving, spec.parameters())) {
      case Standing.Up(Launch launch) -> {
        servers.onFailure(onFailure);
        yield place(strategy, launch, List.of());
      }
      case Standing.Down(Launch launch, List<String> reasons) -> {
        failed(spec, reasons);
        yield place(strategy, launch, reasons);
      }
    };
  }

  private static Place place(Strategy strategy, Launch launch, List<String> problems) {
    Endpoint endpoint = Endpoint.parse(launch.url(), strategy.protocol().path());
    return new Place(Credentials.trusted(endpoint, strategy.access()), launch, problems);
  }

  /** Notes that the servers of a run failed: further runs of its cell are not tried. */
  void failed(RunSpec spec, List<String> reasons) {
    failedCells.put(
        spec.cell(),
        List.of(
            "not tried: in repeat %d of this cell %s"
                .formatted(spec.repeat(), String.join("; ", reasons))));
  }

  /** Why requests to a place get no answers; empty while they may. From any thread. */
  List<String> failure(Place place) {
    if (place.launch() == null || !place.problems().isEmpty()) {
      return place.problems();
    }
    return servers.failure();
  }

  private Endpoint of(Strategy strategy) {
    Endpoint endpoint = endpoints.get(strategy);
    if (endpoint == null) {
      throw new IllegalArgumentException("strategy " + strategy.name() + " is not in the plan");
    }
    return endpoint;
  }

  /**
   * Connects to every server once.
   *
   * @throws ServerUnreachableException if one cannot be; says which, and why
   */
  void mustBeReachable() throws ServerUnreachableException {
    List<String> problems = new ArrayList<>();
    endpoints.forEach((strategy, endpoint) -> {
      String cause = connect(endpoint);
      if (!cause.isEmpty()) {
        problems.add(
            "strategy %s: the server at %s cannot be reached: %s"
                .formatted(strategy.name(), endpoint.url(), cause));
      }
    });
    if (!problems.isEmpty()) {
      throw new ServerUnreachableException(
          String.join("\n", problems) + "\nstart it, or correct its address");
    }
  }

  private static String connect(Endpoint endpoint) {
    InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
    if (address.isUnresolved()) {
      return "unknown host " + endpoint.host();
    }
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_MILLIS);
      return "";
    } catch (IOException e) {
      return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
  }

  /** Ends the servers that were started. */
  @Override
  public void close() {
    servers.close();
  }
}
