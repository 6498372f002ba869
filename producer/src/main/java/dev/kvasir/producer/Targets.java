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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The servers of a plan's strategies. The thread that executes the plan owns it. */
final class Targets implements AutoCloseable {

  private static final int CONNECT_MILLIS = 3000;

  /** Stands in the records of runs whose server never had an address. */
  private static final String NOWHERE = "http://127.0.0.1:0";

  private final Map<Strategy, Endpoint> endpoints;
  private final Map<Strategy, String> refusals;
  private final Servers servers;
  private final int strategies;
  private final Map<String, List<String>> failedCells = new HashMap<>();

  private Targets(
      Map<Strategy, Endpoint> endpoints,
      Map<Strategy, String> refusals,
      Servers servers,
      int strategies) {
    this.endpoints = endpoints;
    this.refusals = refusals;
    this.servers = servers;
    this.strategies = strategies;
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
    Map<Strategy, Endpoint> endpoints = new LinkedHashMap<>();
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
    return new Targets(endpoints, refusals, servers, plan.servers().size());
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
      return new Place(of(strategy), null, unreachable(of(strategy)));
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
   * Connects once to every server that runs already.
   *
   * @return which cannot be reached, one sentence each
   * @throws ServerUnreachableException if no server of the plan can be; says why
   */
  Set<String> unreachable() throws ServerUnreachableException {
    Map<Endpoint, List<String>> tried = new HashMap<>();
    Set<String> problems = new LinkedHashSet<>();
    int failed = 0;
    for (Map.Entry<Strategy, Endpoint> each : endpoints.entrySet()) {
      List<String> reasons = tried.computeIfAbsent(each.getValue(), Targets::unreachable);
      failed += reasons.size();
      reasons.forEach(
          reason -> problems.add("strategy %s: %s".formatted(each.getKey().name(), reason)));
    }
    if (failed > 0 && failed == strategies) {
      throw new ServerUnreachableException(
          String.join("\n", problems)
              + (problems.size() == 1
                  ? "\nstart it, or correct its address"
                  : "\nstart them, or correct their addresses"));
    }
    return problems;
  }

  /** Why the server of a place, which was reached before, cannot be now; empty while it can. */
  List<String> gone(Place place) {
    String cause = connect(place.endpoint());
    return cause.isEmpty()
        ? List.of()
        : List.of(
            "the server at %s went away while it served: %s"
                .formatted(place.endpoint().url(), cause));
  }

  private static List<String> unreachable(Endpoint endpoint) {
    String cause = connect(endpoint);
    return cause.isEmpty()
        ? List.of()
        : List.of("the server at %s cannot be reached: %s".formatted(endpoint.url(), cause));
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
