package dev.kvasir.producer.plan;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan varies.
 *
 * @param parameters values by the parameter's name
 * @param templates what the plan says where it may name parameters, by its key: texts, numbers,
 *     booleans, nulls, lists and maps
 */
public record Varied(
    Map<String, List<String>> parameters, Map<String, @Nullable Object> templates) {

  static final Varied NOTHING = new Varied(Map.of(), Map.of());

  public Varied {
    parameters = OrderedCopy.of(parameters);
    templates = OrderedCopy.of(templates);
  }
}
