package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.TopicLayout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a Kafka outside this process. */
final class LogOptions {

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      description = "An outside Kafka, instead of the embedded one.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--schema-registry",
      paramLabel = "URL",
      description =
          "Its schema registry, by Confluent's API; 'embedded' for a log of Kvasir's own.")
  private @Nullable String schemaRegistry;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of topics that are missing (default: 4).")
  private int partitions = TopicLayout.EMBEDDED.partitions();

  @Option(
      names = "--replication",
      paramLabel = "N",
      description = "Replicas of topics that are missing (default: 1).")
  private short replication = TopicLayout.EMBEDDED.replication();

  /** How missing topics are created. */
  TopicLayout layout() {
    return new TopicLayout(partitions, replication, null);
  }

  /** The outside log; null when none is named. */
  @Nullable LogAddress outside() {
    if (bootstrapServers == null && schemaRegistry == null) {
      return null;
    }
    return required();
  }

  /** The outside log, which must be named. */
  LogAddress required() {
    if (bootstrapServers == null || schemaRegistry == null) {
      throw new Refusal(
          ExitCode.USAGE,
          "%s is missing: a log outside this process needs both --bootstrap-servers and --schema-registry, which is 'embedded' for one that Kvasir itself runs"
              .formatted(bootstrapServers == null ? "--bootstrap-servers" : "--schema-registry"));
    }
    try {
      requireAccessTo(bootstrapServers);
      return new LogAddress(bootstrapServers, schemaRegistry);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  /** Refuses to go without the secrets that were meant for a cluster of another spelling. */
  private static void requireAccessTo(String bootstrapServers) {
    ClientAccess access = ClientAccess.ofProcess();
    if (access.bootstrapServers() != null && !access.isFor(bootstrapServers)) {
      throw new IllegalArgumentException(
          "the file that %s names is for bootstrap.servers=%s, and --bootstrap-servers is %s; make them equal, or unset the variable"
              .formatted(ClientAccess.VARIABLE, access.bootstrapServers(), bootstrapServers));
    }
  }
}
