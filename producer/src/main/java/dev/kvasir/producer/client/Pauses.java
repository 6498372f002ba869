package dev.kvasir.producer.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a user pauses before a request.
 *
 * @param nanos the pause before each, nanoseconds
 * @param each the pause before each by its index, nanoseconds; null when all are alike
 */
public record Pauses(long nanos, @Nullable List<Long> each) {

  static final Pauses NONE = new Pauses(0, null);

  long before(int index) {
    return each == null ? nanos : each.get(index % each.size());
  }
}
