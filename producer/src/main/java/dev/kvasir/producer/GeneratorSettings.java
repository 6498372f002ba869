package dev.kvasir.producer;

import dev.kvasir.producer.publish.PublisherSettings;
import dev.kvasir.topic.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a generator works with.
 *
 * @param publishing where and how events are published
 * @param selfWarmUp how long the client's own code is warmed up before the first run
 * @param version version of Kvasir
 * @param commit commit of Kvasir, with {@code -dirty} behind it when it was built from changed
 *     files
 * @param shards generators that share each open loop; 1 for this one alone
 * @param beforeServers words before the command of every server that is started
 * @param heldBack strategies whose events are held back until the load of their run has ended
 * @param processes ids of processes whose footprint is sampled, by what they are
 */
public record GeneratorSettings(
    PublisherSettings publishing,
    Duration selfWarmUp,
    String version,
    String commit,
    int shards,
    List<String> beforeServers,
    Set<String> heldBack,
    Map<String, Long> processes) {

  private static final Duration SELF_WARM_UP = Duration.ofSeconds(2);

  public GeneratorSettings {
    beforeServers = List.copyOf(beforeServers);
    heldBack = Set.copyOf(heldBack);
    processes = Map.copyOf(processes);
  }

  /**
   * Settings with two seconds of the client's own warm-up.
   *
   * @param bootstrapServers Kafka's addresses
   * @param registry where schemas are looked up
   * @param spillFolder folder for events that find no room in memory while Kafka is away
   */
  public static GeneratorSettings of(
      String bootstrapServers, Registry registry, Path spillFolder, String version, String commit) {
    return new GeneratorSettings(
        PublisherSettings.of(bootstrapServers, registry, spillFolder),
        SELF_WARM_UP,
        version,
        commit,
        1,
        List.of(),
        Set.of(),
        Map.of());
  }

  /** Kafka's addresses. */
  String bootstrapServers() {
    return publishing.bootstrapServers();
  }

  /** Where schemas are looked up. */
  Registry registry() {
    return publishing.registry();
  }

  /** Folder in which all of this lies. */
  Path home() {
    return publishing.spillFolder().toAbsolutePath().resolveSibling("");
  }

  /** Folder for what the servers of strategies write. */
  Path serverLogs() {
    return home().resolve("logs").resolve("servers");
  }

  /** Folder for what servers have been sent, beside that for waiting events. */
  Path ledgerFolder() {
    return publishing.spillFolder().resolveSibling("ledger");
  }

  /** The same with another length of the client's own warm-up. */
  public GeneratorSettings withSelfWarmUp(Duration length) {
    return new GeneratorSettings(
        publishing, length, version, commit, shards, beforeServers, heldBack, processes);
  }

  /** The same with open loops that so many other generators share. */
  public GeneratorSettings withShards(int count) {
    return new GeneratorSettings(
        publishing, selfWarmUp, version, commit, count, beforeServers, heldBack, processes);
  }

  /** The same with words before the command of every server that is started. */
  public GeneratorSettings withServersAfter(List<String> words) {
    return new GeneratorSettings(
        publishing, selfWarmUp, version, commit, shards, words, heldBack, processes);
  }

  /** The same with strategies whose events are held back until the load of their run has ended. */
  public GeneratorSettings withHeldBack(Set<String> strategies) {
    return new GeneratorSettings(
        publishing, selfWarmUp, version, commit, shards, beforeServers, strategies, processes);
  }

  /** The same with processes whose footprint is sampled, by what they are. */
  public GeneratorSettings withProcesses(Map<String, Long> ids) {
    return new GeneratorSettings(
        publishing, selfWarmUp, version, commit, shards, beforeServers, heldBack, ids);
  }
}
