package dev.kvasir.producer.shard;

import dev.kvasir.event.ShardOffered;
import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.exchange.Secrets;
import dev.kvasir.producer.plan.Strategy;
import java.util.Map;

/**
 * How a strategy's server is reached from here; not for printing.
 *
 * @param endpoint where requests go
 * @param headers headers of every request, keys included
 * @param secrets what no event may hold
 */
public record Door(Endpoint endpoint, Map<String, String> headers, Secrets secrets) {

  /** Finds doors. */
  @FunctionalInterface
  public interface Finder {

    /**
     * The door of a strategy.
     *
     * @param offer says how the server is reached from elsewhere
     * @throws IllegalArgumentException if this machine knows none; says what to do
     */
    Door of(Strategy strategy, ShardOffered offer);
  }
}
