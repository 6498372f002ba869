package dev.kvasir.producer.plan;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what a plan says about request bodies into JSON's values. */
final class BodyFields {

  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9]\\d*)");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d{1,3})?");

  private BodyFields() {}

  static Map<String, @Nullable Object> read(Map<String, PlanNode.Entry> entries) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    entries.forEach((key, entry) -> fields.put(key, value(entry.value())));
    return fields;
  }

  /** A node as a JSON value: a text in quotes stays a text. */
  static @Nullable Object value(PlanNode node) {
    return switch (node) {
      case PlanNode.Scalar(_, String text, boolean quoted) -> quoted ? text : plain(text);
      case PlanNode.Items(_, List<PlanNode> nodes) -> {
        List<@Nullable Object> values = new ArrayList<>();
        nodes.forEach(item -> values.add(value(item)));
        yield values;
      }
      case PlanNode.Mapping(_, Map<String, PlanNode.Entry> entries) -> read(entries);
    };
  }

  /** A text without quotes, by JSON's rules; whatever they do not cover is a text. */
  private static @Nullable Object plain(String text) {
    if (text.equals("null") || text.isEmpty()) {
      return null;
    }
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    if (WHOLE.matcher(text).matches()) {
      BigInteger number = new BigInteger(text);
      return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }
    return DECIMAL.matcher(text).matches() ? new BigDecimal(text).doubleValue() : text;
  }
}
