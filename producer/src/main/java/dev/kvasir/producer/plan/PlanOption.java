package dev.kvasir.producer.plan;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A command line option; together they stand for a plan of one strategy. */
public sealed interface PlanOption
    permits StrategyOption, ExperimentOption, WorkloadOption, LoadOption {

  /** How the values of an option become a plan's. */
  enum Kind {
    /** A single value. */
    ONE,
    /** Present or not. */
    FLAG,
    /** Present for false, absent for the default. */
    NEGATED_FLAG,
    /** Values between commas. */
    LIST,
    /** A key and a value each time. */
    PAIRS,
    /** A JSON or YAML mapping. */
    YAML,
    /** Metrics and their limits in milliseconds. */
    LIMITS
  }

  /**
   * What an option says.
   *
   * @param path the key of the plan that it stands for
   * @param valueLabel placeholder of the value in a usage text; empty for an option without one
   * @param description what it means, for a usage text
   * @param flags every spelling, the preferred one first
   */
  record Entry(Kind kind, String path, String valueLabel, String description, List<String> flags) {
    static Entry of(
        Kind kind, String path, String valueLabel, String description, String... flags) {
      return new Entry(kind, path, valueLabel, description, List.of(flags));
    }
  }

  /** What it says. */
  Entry entry();

  /** Every option, in the order of usage texts. */
  static List<PlanOption> all() {
    return Stream.<PlanOption[]>of(
            StrategyOption.values(),
            ExperimentOption.values(),
            WorkloadOption.values(),
            LoadOption.values())
        .flatMap(Stream::of)
        .toList();
  }

  /**
   * The option of a preferred spelling.
   *
   * @throws IllegalArgumentException if there is none
   */
  static PlanOption of(String flag) {
    return all().stream()
        .filter(option -> option.flag().equals(flag))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(flag + " is no option of a plan"));
  }

  /** The option that stands for a path in a plan; the path when there is none. */
  static String flagFor(String path) {
    return all().stream()
        .filter(option -> option.path().equals(path))
        .findFirst()
        .map(PlanOption::flag)
        .orElse(path);
  }

  default Kind kind() {
    return entry().kind();
  }

  default String path() {
    return entry().path();
  }

  /** The option as problems name it. */
  default String flag() {
    return flags().getFirst();
  }

  /** Every spelling, the preferred one first. */
  default List<String> flags() {
    return entry().flags();
  }

  /** Placeholder of the value in a usage text; null for an option without one. */
  default @Nullable String valueLabel() {
    return entry().valueLabel().isEmpty() ? null : entry().valueLabel();
  }

  /** Whether it may be given more than once. */
  default boolean repeatable() {
    return kind() == Kind.PAIRS || kind() == Kind.LIST || kind() == Kind.LIMITS;
  }

  /** Whether several values may follow it. */
  default boolean takesSeveral() {
    return kind() == Kind.LIMITS;
  }

  /** What it says, for a usage text. */
  default String description() {
    return entry().description();
  }
}
