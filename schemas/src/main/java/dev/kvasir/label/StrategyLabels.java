package dev.kvasir.label;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The labels that follow from how a strategy was launched.
 *
 * <table>
 * <caption>Labels; one that cannot be known is absent</caption>
 * <tr><th>label<th>values
 * <tr><td>{@code engine}<td>{@code vllm}, {@code sglang}, {@code llamacpp}, {@code trtllm}, {@code
 *     mock}
 * <tr><td>{@code topology}<td>{@code aggregated}, {@code pd_disagg(xPyD)}, {@code
 *     multi_replica(n)}
 * <tr><td>{@code reuse}<td>{@code none}, {@code hbm_prefix}, {@code offload}, {@code offload+hbm}
 * <tr><td>{@code tiers}<td>comma-separated, nearest first: {@code HBM}, {@code PEER_GPU}, {@code
 *     HOST_DRAM}, {@code LOCAL_DISK}, {@code GDS}, {@code REMOTE_FS}, {@code REMOTE_KV}; empty when
 *     nothing is kept
 * <tr><td>{@code medium}<td>the tiers below HBM in words: {@code cpu}, {@code cpu+disk}; else
 *     {@code hbm} or {@code none}; {@code unknown} when a file that was not read says it
 * <tr><td>{@code connector}<td>{@code none}, {@code Offloading}, {@code LMCacheV1}, {@code
 *     Multi[…]}, {@code HiCache}, …
 * <tr><td>{@code transport}<td>comma-separated: {@code pcie_dma}, {@code posix}, {@code
 *     cufile_gds}, {@code rdma_ucx}, {@code tcp}, …
 * <tr><td>{@code host_dram_bytes}, {@code local_disk_bytes}, …<td>capacity of a tier, bytes
 * <tr><td>{@code kv_dtype}, {@code k_bits}, {@code v_bits}<td>format of the KV cache
 * <tr><td>{@code write_policy}, {@code eviction}, {@code routing_index}, …<td>as the flags say
 * <tr><td>{@code label}<td><code>{medium}[-{bandwidth}g][+arcc][/{kv bits}]@{connector}</code>
 * </table>
 */
public final class StrategyLabels {

  private static final LabelRules RULES = LabelRules.load();

  private StrategyLabels() {}

  /** The labels, by name; none when nothing is known of the launch. */
  public static Map<String, String> derive(LaunchFacts launch) {
    List<List<Draft>> processes = new ArrayList<>();
    for (LaunchFacts.Launched process : launch.processes()) {
      List<Draft> connectors = new ArrayList<>();
      for (Facts facts : Facts.of(process, launch.parameters(), RULES.flags()).byConnector()) {
        connectors.add(draft(launch, facts));
      }
      if (connectors.getFirst().get("engine") != null) {
        processes.add(connectors);
      }
    }
    return processes.isEmpty() ? Map.of() : new Composition(RULES, processes).labels();
  }

  private static Draft draft(LaunchFacts launch, Facts facts) {
    Draft draft = new Draft(facts);
    if (launch.engine() != null && launch.processes().size() == 1) {
      draft.set("engine", launch.engine());
    }
    RULES.rules().forEach(rule -> rule.apply(draft));
    return draft;
  }
}
