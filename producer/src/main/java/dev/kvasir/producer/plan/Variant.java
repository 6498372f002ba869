package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.KvSizing;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A strategy with the plan's parameters filled in.
 *
 * @param strategy strategy
 * @param parameters the parameters that it or its workload depends on, in the plan's order
 * @param workload what is sent
 * @param server name of its server: the strategy's, with the parameters that the server depends on;
 *     different for servers that differ
 */
public record Variant(
    Strategy strategy, Map<String, String> parameters, WorkloadSpec workload, String server) {

  public Variant {
    parameters = OrderedCopy.of(parameters);
  }

  /** The same, with a workload that fills an amount of KV cache. */
  Variant filling(KvSizing.Point point) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(point.parameter(), point.value());
    return new Variant(strategy, more, workload.filling(point), server);
  }

  /** Strategy and parameters as text, such as {@code vllm gpu-memory=0.8}. */
  public String text() {
    return parameters.entrySet().stream()
        .map(each -> " " + each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining("", strategy.name(), ""));
  }
}
