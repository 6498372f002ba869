package dev.kvasir.sink.question;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Every question that can be asked by name. */
public final class Questions {

  private static final List<String> NAMES =
      List.of(
          "alerts",
          "batch",
          "breakdown",
          "cells",
          "cold-warm",
          "compare",
          "crossing",
          "differences",
          "drift",
          "failures",
          "goodput",
          "grid",
          "hits",
          "identical",
          "kth-token",
          "memory",
          "memory-saved",
          "miss-cost",
          "pareto",
          "rosetta",
          "runs",
          "slo-scale",
          "speedup",
          "stalls",
          "tail",
          "throughput",
          "truth",
          "ttft-by-length",
          "variance",
          "versions");
  private static final List<Question> ALL = NAMES.stream().map(Questions::read).toList();

  private Questions() {}

  /** All questions, by name. */
  public static List<Question> all() {
    return ALL;
  }

  /** The question of a name. */
  public static Optional<Question> named(String name) {
    return ALL.stream().filter(question -> question.name().equals(name)).findFirst();
  }

  private static Question read(String name) {
    try (InputStream in = Questions.class.getResourceAsStream(name + ".sql")) {
      if (in == null) {
        throw new IllegalStateException(
            "question " + name + " is missing from the sink's jar: build it again");
      }
      return Question.parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("question " + name + " cannot be read", e);
    }
  }
}
