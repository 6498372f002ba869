package dev.kvasir.producer;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.search.Tally;
import dev.kvasir.producer.verdict.RunRecord;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs of an experiment in a log that need not be made again: they ended as valid, as
 * overloaded or with the failure of a server that was started for them, and nobody has withdrawn
 * them. Immutable.
 */
final class EarlierRuns {

  static final EarlierRuns NONE = new EarlierRuns(Map.of(), Map.of(), Map.of());

  private final Map<Key, Earlier> runs;
  private final Map<Key, List<Long>> failed;
  private final Map<Integer, String> salts;

  private EarlierRuns(
      Map<Key, Earlier> runs, Map<Key, List<Long>> failed, Map<Integer, String> salts) {
    this.runs = runs;
    this.failed = failed;
    this.salts = salts;
  }

  /** What makes two runs the same: the seed says the plan's seed, load point and repeat. */
  private record Key(String cell, int repeat, long seed) {

    static Key of(RunSpec run) {
      return new Key(run.cell(), run.repeat(), run.seed());
    }

    static Key of(RunStarted run) {
      return new Key(run.getCell(), run.getRepeat(), run.getSeed());
    }
  }

  /**
   * A run that was made.
   *
   * @param run its number
   * @param tally how many of its requests attained their limits
   */
  record Earlier(long run, Tally tally) {}

  /** The run that was made for a specification. */
  Optional<Earlier> of(RunSpec run) {
    return Optional.ofNullable(runs.get(Key.of(run)));
  }

  /** Numbers of the runs of a specification that ended with the failure of somebody's server. */
  List<Long> failed(RunSpec run) {
    return failed.getOrDefault(Key.of(run), List.of());
  }

  /** What stood before the prompts of the runs that were made, by their repeat. */
  Map<Integer, String> salts() {
    return Map.copyOf(salts);
  }

  /** How many of a plan's runs were made; of a search, how many the experiment has. */
  int amongThoseOf(Plan plan) {
    return plan.search() != null
        ? runs.size()
        : (int) Matrix.of(plan).runs().stream().filter(run -> of(run).isPresent()).count();
  }

  /** Reads the runs of a plan's experiment from a log. */
  static EarlierRuns in(String bootstrapServers, Registry registry, Plan plan) {
    try (LogReader log = new LogReader(bootstrapServers, registry)) {
      Map<Key, List<Long>> failed = new HashMap<>();
      Map<Long, RunStarted> settled = settled(log, plan, failed);
      Map<Long, RunRecord> records = records(log, settled);
      Map<Key, Earlier> runs = new HashMap<>();
      Map<Integer, String> salts = new HashMap<>();
      settled.forEach((number, started) -> {
        RunRecord requests = records.getOrDefault(number, new RunRecord());
        runs.put(
            Key.of(started), new Earlier(number, new Tally(requests.attained(), requests.ended())));
        if (started.getSalt() != null) {
          salts.put(started.getRepeat(), started.getSalt());
        }
      });
      return new EarlierRuns(runs, failed, salts);
    }
  }

  private static Map<Long, RunStarted> settled(
      LogReader log, Plan plan, Map<Key, List<Long>> failed) {
    Map<String, Strategy> strategies = new HashMap<>();
    plan.variants().forEach(each -> strategies.put(each.strategy().name(), each.strategy()));
    Map<Long, RunStarted> started = new LinkedHashMap<>();
    Map<Long, Verdict> verdicts = new HashMap<>();
    log.read(
        Topic.RUNS,
        0,
        kafka -> {
          switch (log.decode(kafka)) {
            case RunStarted run when run.getExperiment().equals(plan.experiment()) ->
                started.put(run.getRun(), run);
            case RunFinished run -> verdicts.put(run.getRun(), run.getVerdict());
            case RunRetracted run -> verdicts.put(run.getRun(), Verdict.RETRACTED);
            case null, default -> {}
          }
        });
    started
        .values()
        .removeIf(run -> {
          Verdict verdict = verdicts.getOrDefault(run.getRun(), Verdict.ABORTED);
          Strategy strategy = strategies.get(run.getStrategy());
          boolean settled = strategy != null && RunResult.isSettled(verdict, strategy);
          if (!settled && verdict == Verdict.SERVER_FAILED) {
            failed.computeIfAbsent(Key.of(run), _ -> new ArrayList<>()).add(run.getRun());
          }
          return !settled;
        });
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
