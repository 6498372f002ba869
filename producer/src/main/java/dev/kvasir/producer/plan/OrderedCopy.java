package dev.kvasir.producer.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Copies that keep the order in which a plan was written. */
final class OrderedCopy {

  private OrderedCopy() {}

  static <K, V> Map<K, V> of(Map<K, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
