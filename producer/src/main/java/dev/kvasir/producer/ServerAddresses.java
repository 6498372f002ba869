package dev.kvasir.producer;

import java.util.Map;

/**
 * Where the servers of strategies are, by the name of the strategy or of its variant's server.
 *
 * @param urls full addresses, which win over the plan's
 * @param refusals of servers that did not start: why, in a sentence; their runs end as failed
 */
public record ServerAddresses(Map<String, String> urls, Map<String, String> refusals) {

  public ServerAddresses {
    urls = Map.copyOf(urls);
    refusals = Map.copyOf(refusals);
  }

  /** Servers that all serve. */
  public static ServerAddresses of(Map<String, String> urls) {
    return new ServerAddresses(urls, Map.of());
  }
}
