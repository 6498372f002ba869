package dev.kvasir.producer.plan;

import dev.kvasir.producer.launch.Secrets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes how warm caches may be as a plan says it. */
final class CacheText {

  private CacheText() {}

  static Map<String, Object> of(CachePolicy policy) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("salt", policy.salt().text());
    if (!policy.resets().isEmpty()) {
      map.put("reset", resets(policy.resets()));
    }
    return map;
  }

  static List<Object> resets(List<CacheReset> resets) {
    return resets.stream().map(CacheText::reset).toList();
  }

  private static Object reset(CacheReset reset) {
    return switch (reset) {
      case CacheReset.ByEngine() -> "auto";
      case CacheReset.Known known -> known.text();
      case CacheReset.Call(String method, String url) ->
          Map.of("url", Secrets.removedFromAddress(url), "method", method);
      case CacheReset.Command(String shell) -> Map.of("command", Secrets.removedFrom(shell));
    };
  }
}
