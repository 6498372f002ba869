package dev.kvasir.producer;

import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.shard.Door;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The servers of strategies as a generator reaches them that shares runs.
 *
 * @param servers addresses by strategy, which win over the plans'
 * @param environment values of environment variables; null for one that is not set
 */
public record SharedDoors(Map<String, String> servers, UnaryOperator<@Nullable String> environment)
    implements Door.Finder {

  /** With this process's environment. */
  public static SharedDoors of(Map<String, String> servers) {
    return new SharedDoors(Map.copyOf(servers), System::getenv);
  }

  @Override
  public Door of(Strategy strategy) {
    Credentials credentials = Credentials.of(strategy, environment);
    Endpoint endpoint = Endpoint.parse(address(strategy), strategy.protocol().path());
    return new Door(
        Credentials.trusted(endpoint, strategy.access()),
        credentials.headers(),
        credentials.secrets());
  }

  private String address(Strategy strategy) {
    String given = servers.get(strategy.name());
    if (given != null) {
      return given;
    }
    if (strategy.target() instanceof Target.Remote remote) {
      return remote.url();
    }
    throw new IllegalArgumentException(
        "strategy %s has no address here: name it with --server %s=URL"
            .formatted(strategy.name(), strategy.name()));
  }
}
