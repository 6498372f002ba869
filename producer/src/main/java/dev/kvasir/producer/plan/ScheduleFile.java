package dev.kvasir.producer.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.producer.arrival.Schedule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Due times as text: comma-separated values whose first line names a column {@code due_ns}
 * (nanoseconds from the start) or {@code due_s} (seconds), or a JSON object with such a field on
 * each line. Further columns and fields are passed over.
 */
public final class ScheduleFile {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NANOS = "due_ns";
  private static final String SECONDS = "due_s";

  private ScheduleFile() {}

  /** The due times as lines: {@code ordinal,due_ns}, and one for each. */
  public static Stream<String> csv(Schedule schedule) {
    PrimitiveIterator.OfInt ordinals = IntStream.range(0, schedule.size()).iterator();
    return Stream.concat(
        Stream.of("ordinal," + NANOS),
        schedule.dueNanos().mapToObj(due -> ordinals.nextInt() + "," + due));
  }

  /**
   * Reads due times.
   *
   * @throws IllegalArgumentException if a line has none, or one is before its predecessor; says
   *     which
   */
  static Schedule read(String text) {
    List<String> lines = text.lines().toList();
    String first = lines.isEmpty() ? "" : lines.getFirst();
    if (first.isBlank()) {
      throw new IllegalArgumentException("line 1 is empty");
    }
    return Schedule.at(first.startsWith("{") ? json(lines) : csv(lines));
  }

  private static List<Long> json(List<String> lines) {
    List<Long> due = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        due.add(json(lines.get(i), i + 1));
      }
    }
    return due;
  }

  private static long json(String line, int number) {
    try {
      JsonNode node = JSON.readTree(line);
      boolean inSeconds = !node.has(NANOS);
      JsonNode value = node.path(inSeconds ? SECONDS : NANOS);
      if (!value.isNumber()) {
        throw new IllegalArgumentException(
            "line %d has no number `%s` or `%s`".formatted(number, NANOS, SECONDS));
      }
      return nanos(value.asText(), inSeconds, number);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("line %d is not JSON".formatted(number), e);
    }
  }

  private static List<Long> csv(List<String> lines) {
    List<String> names = Arrays.stream(lines.getFirst().split(",")).map(String::strip).toList();
    boolean inSeconds = !names.contains(NANOS);
    int column = names.indexOf(inSeconds ? SECONDS : NANOS);
    if (column < 0) {
      throw new IllegalArgumentException(
          "line 1 is `%s` and names no column `%s` or `%s`"
              .formatted(lines.getFirst(), NANOS, SECONDS));
    }
    List<Long> due = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        String[] cells = lines.get(i).split(",", -1);
        due.add(nanos(column < cells.length ? cells[column] : "", inSeconds, i + 1));
      }
    }
    return due;
  }

  private static long nanos(String text, boolean inSeconds, int number) {
    try {
      BigDecimal value = new BigDecimal(text.strip());
      return (inSeconds ? value.movePointRight(9) : value)
          .setScale(0, java.math.RoundingMode.HALF_EVEN)
          .longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "line %d has the time `%s`".formatted(number, text.strip()), e);
    }
  }
}
