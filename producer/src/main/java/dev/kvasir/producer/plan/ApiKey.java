package dev.kvasir.producer.plan;

/** Where the key of a server's API is found; the key itself is never part of a plan. */
public sealed interface ApiKey {

  /**
   * An environment variable of the process that sends the requests.
   *
   * @param name its name
   */
  record Environment(String name) implements ApiKey {}

  /**
   * A file that holds the key on one line.
   *
   * @param path its full path
   */
  record File(String path) implements ApiKey {}
}
