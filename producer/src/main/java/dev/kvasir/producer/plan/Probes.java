package dev.kvasir.producer.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for samples beside the requests.
 *
 * @param metrics addresses of Prometheus pages; empty for {@code /metrics} of the server
 * @param dcgm address of a DCGM exporter's Prometheus page; null for none
 * @param nvidiaSmi the {@code nvidia-smi} that is run on this host, a name or a path; null for none
 */
public record Probes(List<String> metrics, @Nullable String dcgm, @Nullable String nvidiaSmi) {

  /** The server's own page, and no GPU. */
  public static final Probes DEFAULT = new Probes(List.of(), null, null);

  public Probes {
    metrics = List.copyOf(metrics);
  }
}
