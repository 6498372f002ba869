package dev.kvasir.producer;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.RunStarted;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.search.Tally;
import dev.kvasir.producer.verdict.RunRecord;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The runs of an experiment in a log that need not be made again: they ended as valid, as
 * overloaded or with a failed server, and nobody has withdrawn them. Immutable.
 */
final class EarlierRuns {

  static final EarlierRuns NONE = new EarlierRuns(Map.of());

  private final Map<Key, Earlier> runs;

  private EarlierRuns(Map<Key, Earlier> runs) {
    this.runs = runs;
  }

  /** What makes two runs the same: the seed says the plan's seed, load point and repeat. */
  private record Key(String cell, int repeat, long seed) {}

  /**
   * A run that was made.
   *
   * @param run its number
   * @param tally how many of its requests attained their limits
   */
  record Earlier(long run, Tally tally) {}

  /** The run that was made for a specification. */
  Optional<Earlier> of(RunSpec run) {
    return Optional.ofNullable(runs.get(new Key(run.cell(), run.repeat(), run.seed())));
  }

  /** How many of a plan's runs were made; of a search, how many the experiment has. */
  int amongThoseOf(Plan plan) {
    return plan.search() != null
        ? runs.size()
        : (int) Matrix.of(plan).runs().stream().filter(run -> of(run).isPresent()).count();
  }

  /** Reads the runs of an experiment from a log. */
  static EarlierRuns in(String bootstrapServers, Registry registry, String experiment) {
    try (LogReader log = new LogReader(bootstrapServers, registry)) {
      Map<Long, RunStarted> settled = settled(log, experiment);
      Map<Long, RunRecord> records = records(log, settled);
      Map<Key, Earlier> runs = new HashMap<>();
      settled.forEach((number, started) -> {
        RunRecord requests = records.getOrDefault(number, new RunRecord());
        runs.put(
            new Key(started.getCell(), started.getRepeat(), started.getSeed()),
            new Earlier(number, new Tally(requests.attained(), requests.ended())));
      });
      return new EarlierRuns(runs);
    }
  }

  private static Map<Long, RunStarted> settled(LogReader log, String experiment) {
    Map<Long, RunStarted> started = new LinkedHashMap<>();
    Set<Long> settled = new HashSet<>();
    log.read(
        Topic.RUNS,
        0,
        kafka -> {
          switch (log.decode(kafka)) {
            case RunStarted run when run.getExperiment().equals(experiment) ->
                started.put(run.getRun(), run);
            case RunFinished run when RunResult.isSettled(run.getVerdict()) ->
                settled.add(run.getRun());
            case RunRetracted run -> settled.remove(run.getRun());
            case null, default -> {}
          }
        });
    started.keySet().retainAll(settled);
    return started;
  }

  private static Map<Long, RunRecord> records(LogReader log, Map<Long, RunStarted> runs) {
    Map<Long, RunRecord> records = new HashMap<>();
    runs.keySet().forEach(run -> records.put(run, new RunRecord()));
    if (runs.isEmpty()) {
      return records;
    }
    long since = runs.values().stream().mapToLong(RunStarted::getAt).min().orElseThrow();
    log.read(
        Topic.REQUESTS,
        since,
        kafka -> {
          RunRecord record = records.get(EventKey.run(kafka.key()));
          if (record != null && log.decode(kafka) instanceof RequestFinished end) {
            record.add(end);
          }
        });
    return records;
  }
}
