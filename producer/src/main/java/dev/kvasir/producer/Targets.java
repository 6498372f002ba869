package dev.kvasir.producer;

import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.plan.Variant;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The servers of a plan's strategies. */
final class Targets {

  private static final Logger LOG = LoggerFactory.getLogger(Targets.class);
  private static final int CONNECT_MILLIS = 3000;
  private static final Duration RESET_WITHIN = Duration.ofSeconds(10);

  private final Map<Strategy, Endpoint> endpoints;

  private Targets(Map<Strategy, Endpoint> endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * Finds the endpoint of each strategy.
   *
   * @param servers addresses by strategy, which win over the plan's
   * @throws IllegalArgumentException if a simulated strategy has no address, or one is no URL
   */
  static Targets of(Plan plan, Map<String, String> servers) {
    Map<Strategy, Endpoint> endpoints = new HashMap<>();
    for (Variant variant : plan.servers()) {
      endpoints.put(
          variant.strategy(),
          Endpoint.parse(address(variant, servers), variant.strategy().protocol().path()));
    }
    return new Targets(endpoints);
  }

  private static String address(Variant variant, Map<String, String> servers) {
    Strategy strategy = variant.strategy();
    String given = servers.getOrDefault(variant.server(), servers.get(strategy.name()));
    if (given != null) {
      return given;
    }
    return switch (strategy.target()) {
      case Target.Remote remote -> remote.url();
      case Target.Simulated simulated ->
          throw new IllegalArgumentException(
              "strategy "
                  + strategy.name()
                  + " is simulated and no address of its simulator was given");
    };
  }

  Endpoint of(Strategy strategy) {
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

  /** Empties the prefix cache of a simulator, so that the next run starts cold. */
  void startCold(Strategy strategy) throws InterruptedException {
    if (!(strategy.target() instanceof Target.Simulated)) {
      return;
    }
    URI reset = of(strategy).origin().resolve("/reset_prefix_cache");
    HttpRequest request =
        HttpRequest.newBuilder(reset)
            .POST(HttpRequest.BodyPublishers.noBody())
            .timeout(RESET_WITHIN)
            .build();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status / 100 != 2) {
        LOG.warn("{} answered {}: the next run may start warm", reset, status);
      }
    } catch (IOException e) {
      LOG.warn("{} failed ({}): the next run may start warm", reset, e.toString());
    }
  }
}
