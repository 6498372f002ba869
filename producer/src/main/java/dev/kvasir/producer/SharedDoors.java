package dev.kvasir.producer;

import dev.kvasir.event.ShardOffered;
import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.launch.Secrets;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.shard.Door;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The servers of strategies as a generator reaches them that shares runs: at an address that was
 * given here, else where who executes the plan reaches them.
 *
 * @param servers addresses by strategy, which win over what is offered
 * @param environment values of environment variables; null for one that is not set
 */
public record SharedDoors(Map<String, String> servers, UnaryOperator<@Nullable String> environment)
    implements Door.Finder {

  /** With this process's environment. */
  public static SharedDoors of(Map<String, String> servers) {
    return new SharedDoors(Map.copyOf(servers), System::getenv);
  }

  @Override
  public Door of(Strategy strategy, ShardOffered offer) {
    Credentials credentials = Credentials.of(strategy, environment);
    Endpoint endpoint = Endpoint.parse(address(strategy, offer), strategy.protocol().path());
    return new Door(
        Credentials.trusted(endpoint, strategy.access()),
        credentials.headers(),
        credentials.secrets());
  }

  private String address(Strategy strategy, ShardOffered offer) {
    String given = servers.get(strategy.name());
    if (given != null) {
      return given;
    }
    String offered =
        offer.getServer() == null && strategy.target() instanceof Target.Remote remote
            ? remote.url()
            : offer.getServer();
    if (offered == null) {
      throw new IllegalArgumentException(
          "strategy %s has no address here; %s".formatted(strategy.name(), remedy(strategy)));
    }
    String host = offer.getHost();
    if (host != null && !host.equals(HostFacts.name()) && isLoopback(offered)) {
      throw new IllegalArgumentException(
          "strategy %s is served at %s of %s, and this machine is %s; %s"
              .formatted(
                  strategy.name(),
                  Secrets.removedFromAddress(offered),
                  host,
                  HostFacts.name(),
                  remedy(strategy)));
    }
    return offered;
  }

  private static String remedy(Strategy strategy) {
    return "start this generator with --server %s=URL".formatted(strategy.name());
  }

  private static boolean isLoopback(String url) {
    try {
      return InetAddress.getByName(Endpoint.parse(url, "").host()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
