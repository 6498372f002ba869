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
  private static final int LONGEST_SHOWN = 80;

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
    if (text.indexOf('\0') >= 0 || text.indexOf('\uFFFD') >= 0) {
      throw new IllegalArgumentException("this is no text");
    }
    List<String> lines = text.replace("\uFEFF", "").lines().toList();
    int head = 0;
    while (head < lines.size() && lines.get(head).isBlank()) {
      head++;
    }
    if (head == lines.size()) {
      throw new IllegalArgumentException("the file is empty");
    }
    boolean json = lines.get(head).startsWith("{");
    Column column = json ? null : Column.of(lines.get(head), head + 1);
    List<Long> due = new ArrayList<>();
    for (int i = json ? head : head + 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        long time = column == null ? json(lines.get(i), i + 1) : column.read(lines.get(i), i + 1);
        mustFollow(due.isEmpty() ? 0 : due.getLast(), time, i + 1);
        due.add(time);
      }
    }
    if (due.isEmpty()) {
      throw new IllegalArgumentException("no time follows line %d".formatted(head + 1));
    }
    return Schedule.at(due);
  }

  private static void mustFollow(long before, long time, int number) {
    if (time < 0) {
      throw new IllegalArgumentException(
          "line %d has %d ns; times count from the start and are not below 0"
              .formatted(number, time));
    }
    if (time < before) {
      throw new IllegalArgumentException(
          "line %d has %d ns, and a line above it %d ns; sort the lines by their time"
              .formatted(number, time, before));
    }
  }

  /** Where the lines of a table have their time. */
  private record Column(int index, boolean inSeconds) {

    static Column of(String header, int number) {
      List<String> names = Arrays.stream(header.split(",")).map(String::strip).toList();
      boolean inSeconds = !names.contains(NANOS);
      int index = names.indexOf(inSeconds ? SECONDS : NANOS);
      if (index < 0) {
        throw new IllegalArgumentException(
            "line %d is `%s` and names no column `%s` or `%s`"
                .formatted(
                    number,
                    header.length() <= LONGEST_SHOWN
                        ? header
                        : header.substring(0, LONGEST_SHOWN) + "…",
                    NANOS,
                    SECONDS));
      }
      return new Column(index, inSeconds);
    }

    long read(String line, int number) {
      String[] cells = line.split(",", -1);
      if (index >= cells.length) {
        throw new IllegalArgumentException(
            "line %d has %d of at least %d columns".formatted(number, cells.length, index + 1));
      }
      return nanos(cells[index], inSeconds, number);
    }
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

  private static long nanos(String text, boolean inSeconds, int number) {
    try {
      BigDecimal value = new BigDecimal(text.strip());
      return (inSeconds ? value.movePointRight(9) : value)
          .setScale(0, java.math.RoundingMode.HALF_EVEN)
          .longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "line %d has `%s` for a time, which is no number".formatted(number, text.strip()), e);
    }
  }
}
