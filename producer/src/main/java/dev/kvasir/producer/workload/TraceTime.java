package dev.kvasir.producer.workload;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the times of a trace are counted in. */
public enum TraceTime {
  NS,
  US,
  MS,
  S,
  /** Dates with a time of day, such as {@code 2023-11-16 18:15:46.68059}; UTC without an offset. */
  DATE;

  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("[ ]['T']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .toFormatter(Locale.ROOT);

  /** The name that plans use. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Nanoseconds from the unit's own zero; null when the text is no such time. */
  @Nullable Long nanos(String text) {
    try {
      return switch (this) {
        case NS -> scaled(text, 0);
        case US -> scaled(text, 3);
        case MS -> scaled(text, 6);
        case S -> scaled(text, 9);
        case DATE -> date(text);
      };
    } catch (ArithmeticException | NumberFormatException | DateTimeException other) {
      return null;
    }
  }

  private static long scaled(String text, int digits) {
    return new BigDecimal(text)
        .movePointRight(digits)
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  private static long date(String text) {
    TemporalAccessor time =
        DATE_TIME.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from);
    Instant instant =
        time instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : Instant.from(time);
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }
}
