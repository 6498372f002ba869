package dev.kvasir.producer.plan;

import dev.kvasir.producer.launch.Serving;
import java.util.Map;

/** The server that a strategy talks to. */
public sealed interface Target {

  /**
   * A server that runs already.
   *
   * @param url full address of the endpoint, path included
   */
  record Remote(String url) implements Target {}

  /**
   * Servers that are started for the plan.
   *
   * @param serving how
   */
  record Served(Serving serving) implements Target {}

  /**
   * A simulator that is started for the plan.
   *
   * @param profile name of its profile
   * @param overrides values that replace those of the profile, by key
   */
  record Simulated(String profile, Map<String, String> overrides) implements Target {
    public Simulated {
      overrides = OrderedCopy.of(overrides);
    }
  }
}
