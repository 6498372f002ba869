package dev.kvasir.producer.plan;

import java.util.List;
import java.util.Map;

/** A plan as it was written, each part with the place where it stands. */
sealed interface PlanNode {

  /** File and line, or the option. */
  String where();

  /** What it is, for a message. */
  String describe();

  /**
   * A single value.
   *
   * @param text as it was written, without quotes
   * @param quoted whether quotes say that it is a text
   */
  record Scalar(String where, String text, boolean quoted) implements PlanNode {
    @Override
    public String describe() {
      return text.isEmpty() ? "empty" : text;
    }
  }

  /** A list. */
  record Items(String where, List<PlanNode> nodes) implements PlanNode {
    @Override
    public String describe() {
      return "a list";
    }
  }

  /** Keys and values, in the order of the file. */
  record Mapping(String where, Map<String, Entry> entries) implements PlanNode {
    @Override
    public String describe() {
      return "a mapping";
    }
  }

  /**
   * A key's value.
   *
   * @param where where the key stands
   */
  record Entry(String where, PlanNode value) {}
}
