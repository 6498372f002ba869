package dev.kvasir.producer.plan;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One way to serve.
 *
 * @param name unique in the plan, of letters, digits, {@code .}, {@code _} and {@code -}
 * @param labels what its author declares it to be
 * @param target server that it talks to
 * @param model model that requests name
 * @param protocol what is spoken with it
 * @param gpus GPUs that serve; null when nobody said
 * @param headers HTTP headers of every request; may hold secrets
 * @param body further fields of every request's JSON body: texts, numbers, booleans, nulls, lists
 *     and maps
 * @param access what lets requests in
 * @param probes what is asked for samples
 * @param resets what empties the caches before each run, instead of what the plan names; empty for
 *     the plan's
 */
public record Strategy(
    String name,
    Map<String, String> labels,
    Target target,
    String model,
    Protocol protocol,
    @Nullable Integer gpus,
    Map<String, String> headers,
    Map<String, @Nullable Object> body,
    Access access,
    Probes probes,
    List<CacheReset> resets) {

  public Strategy {
    labels = OrderedCopy.of(labels);
    headers = OrderedCopy.of(headers);
    body = OrderedCopy.of(body);
    resets = List.copyOf(resets);
  }
}
