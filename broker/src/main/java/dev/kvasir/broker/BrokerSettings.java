package dev.kvasir.broker;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One broker of a cluster, on the loopback address.
 *
 * @param folder where its log lies
 * @param node its number in the cluster
 * @param clusterId the cluster's id, the same for all of its brokers; null for a new one
 * @param listeners where clients reach it; brokers talk to each other over the first
 * @param controllerPort where the other brokers' controllers reach it
 * @param voters every broker of the cluster as {@code node@host:controller-port}
 * @param replication replicas of what is kept of groups, transactions and Streams' state
 * @param inSync replicas that must have a record before it is acknowledged
 */
public record BrokerSettings(
    Path folder,
    int node,
    @Nullable String clusterId,
    List<Listener> listeners,
    int controllerPort,
    List<String> voters,
    short replication,
    int inSync) {

  /**
   * A door for clients.
   *
   * @param name unique in the broker, of capital letters
   * @param port where it listens
   * @param advertisedPort what it tells clients to connect to
   */
  public record Listener(String name, int port, int advertisedPort) {

    public Listener {
      if (!name.matches("[A-Z]+") || name.equals("CONTROLLER")) {
        throw new IllegalArgumentException(
            "the listener is called %s; expected capital letters, and not CONTROLLER"
                .formatted(name));
      }
    }
  }

  public BrokerSettings {
    listeners = List.copyOf(listeners);
    voters = List.copyOf(voters);
    if (listeners.isEmpty() || voters.isEmpty()) {
      throw new IllegalArgumentException("a broker needs a listener and a voter");
    }
    if (replication < 1 || inSync < 1 || inSync > replication || replication > voters.size()) {
      throw new IllegalArgumentException(
          "%d replicas of which %d are in sync, in a cluster of %d; expected 1 ≤ in sync ≤ replicas ≤ brokers"
              .formatted(replication, inSync, voters.size()));
    }
  }
}
