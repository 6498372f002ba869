package dev.kvasir.producer.plan;

/** Where a key, or another header's value, is found; it is itself never part of a plan. */
public sealed interface ApiKey {

  /**
   * An environment variable of the process that sends the requests.
   *
   * @param name its name
   */
  record Environment(String name) implements ApiKey {}

  /**
   * A file that holds it on one line.
   *
   * @param path its full path
   */
  record File(String path) implements ApiKey {}
}
