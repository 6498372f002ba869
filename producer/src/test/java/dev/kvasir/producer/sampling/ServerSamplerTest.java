package dev.kvasir.producer.sampling;

import static dev.kvasir.producer.client.Answers.plain;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.exchange.Secrets;
import dev.kvasir.producer.plan.Probes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers, caches and GPUs of one run, over real sockets and processes. */
class ServerSamplerTest {

  private final ConcurrentLinkedQueue<Sampled> samples = new ConcurrentLinkedQueue<>();

  private List<String> missing = List.of();

  @TempDir private Path folder;

  @Test
  void whatCountersGrewByShowsTheTiers() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    try (ScriptedServer server =
        ScriptedServer.start((request, out) -> {
          boolean page = request.head().startsWith("GET /metrics");
          int read = page ? reads.incrementAndGet() : 0;
          write(
              out,
              plain(
                  200,
                  "text/plain",
                  """
                  vllm:prompt_tokens_by_source_total{source="local_cache_hit"} %d
                  vllm:prompt_tokens_by_source_total{source="external_kv_transfer"} %d
                  vllm:kv_offload_load_bytes_total 4096
                  vllm:kv_cache_usage_perc 0.5
                  vllm:num_requests_waiting NaN
                  """
                      .formatted(1000 + 10 * read, 500 + 3 * read)));
        })) {
      Map<String, String> observed = run(server, Probes.DEFAULT);

      int grown = reads.get() - 1;
      assertThat(observed)
          .containsEntry("tiers", "HBM,EXTERNAL")
          .containsEntry("medium", "external")
          .containsEntry("hit_tokens_hbm", Integer.toString(10 * grown))
          .containsEntry("hit_tokens_external", Integer.toString(3 * grown))
          .containsEntry("load_bytes_host_dram", "0");
      assertThat(samples).extracting(Sampled::getName).doesNotContain("vllm:num_requests_waiting");
      assertThat(samples).allSatisfy(sample -> assertThat(sample.getRun()).isEqualTo(7));
    }
  }

  @Test
  void severalProcessesAreToldApartAndOneThatDripsHoldsUpNoOther() throws Exception {
    try (ScriptedServer good =
            ScriptedServer.start((request, out) ->
                write(out, plain(200, "text/plain", "sglang:num_running_reqs 2\n")));
        ScriptedServer dripping =
            ScriptedServer.start((request, out) -> {
              write(out, "HTTP/1.1 200 OK\r\n\r\n");
              while (true) {
                write(out, "#\n");
                Thread.sleep(20);
              }
            })) {
      run(good, new Probes(List.of(page(good), page(dripping)), null, null));

      assertThat(samples)
          .isNotEmpty()
          .allSatisfy(sample -> {
            assertThat(sample.getName()).isEqualTo("sglang:num_running_reqs");
            assertThat(sample.getLabels())
                .containsEntry("instance", page(good).replaceAll("http://|/metrics", ""));
          });
    }
  }

  @Test
  void gpusAreSampledByDcgmAndByNvidiaSmiUnderTheSameNames() throws Exception {
    Path program = folder.resolve("nvidia-smi");
    Files.writeString(
        program,
        """
        #!/bin/sh
        echo "$@" > %s
        echo '0, GPU-1, 1024, 80000, 55, 12, 301.5'
        echo '1, GPU-2, 2048, 79000, [N/A], 0, [Not Supported]'
        exec sleep 60
        """
            .formatted(folder.resolve("arguments")));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (ScriptedServer dcgm =
        ScriptedServer.start((request, out) ->
            write(
                out,
                plain(
                    200,
                    "text/plain",
                    """
                    # TYPE DCGM_FI_PROF_PCIE_RX_BYTES counter
                    DCGM_FI_PROF_PCIE_RX_BYTES{gpu="0"} 77
                    DCGM_FI_DEV_FB_USED{gpu="0"} 9
                    DCGM_FI_UNKNOWN 1
                    """)))) {
      run(dcgm, new Probes(List.of(page(dcgm)), page(dcgm), program.toString()));
    }

    assertThat(Files.readString(folder.resolve("arguments")))
        .contains("--query-gpu=index,uuid,memory.used")
        .contains("--format=csv,noheader,nounits");
    List<Sampled> gpu =
        samples.stream().filter(sample -> sample.getSource() == SampleSource.GPU).toList();
    assertThat(gpu)
        .anySatisfy(sample -> {
          assertThat(sample.getName()).isEqualTo("DCGM_FI_PROF_PCIE_RX_BYTES");
          assertThat(sample.getLabels()).isEqualTo(Map.of("gpu", "0", "type", "counter"));
        })
        .anySatisfy(sample -> {
          assertThat(sample.getName()).isEqualTo("DCGM_FI_DEV_FB_USED");
          assertThat(sample.getLabels()).isEqualTo(Map.of("gpu", "1", "UUID", "GPU-2"));
          assertThat(sample.getValue()).isEqualTo(2048);
        });
    assertThat(gpu)
        .filteredOn(sample -> "GPU-2".equals(sample.getLabels().get("UUID")))
        .extracting(Sampled::getName)
        .doesNotContain("DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_GPU_UTIL");
  }

  @Test
  void whatThePlanNamesAndIsNotThereIsNoFailureAndIsSaid() throws Exception {
    String none = folder.resolve("none").toString();
    try (ScriptedServer server =
            ScriptedServer.start((request, out) -> write(out, plain(404, "text/plain", "no")));
        ScriptedServer other =
            ScriptedServer.start((request, out) -> write(out, plain(200, "text/plain", "x 1\n")))) {
      assertThat(run(server, new Probes(List.of(page(server), page(other)), page(server), none)))
          .isEmpty();

      assertThat(missing)
          .hasSize(4)
          .contains(
              "there are no samples of %s, which the plan names: HTTP 404".formatted(page(server)),
              "there are no samples of %s, which the plan names: it names none of the metrics that are taken"
                  .formatted(page(other)))
          .last()
          .asString()
          .startsWith(
              "there are no samples of %s, which the plan names: it cannot".formatted(none));
    }
    assertThat(samples).isEmpty();
  }

  @Test
  void aServerWithoutMetricsNeedNotHaveThem() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start((request, out) -> write(out, plain(404, "text/plain", "no")))) {
      run(server, Probes.DEFAULT);
    }
    assertThat(missing).isEmpty();
  }

  private Map<String, String> run(ScriptedServer server, Probes probes)
      throws InterruptedException {
    try (SideRequests requests = WarmRequests.to(server, Map.of())) {
      ServerSampler sampler =
          ServerSampler.start(
              new ServerSampler.Settings(7, probes, requests, Secrets.NONE, () -> 5, samples::add));
      if (probes.nvidiaSmi() != null && Files.exists(Path.of(probes.nvidiaSmi()))) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> samples.stream().anyMatch(s -> s.getLabels().containsKey("UUID")));
      }
      Map<String, String> observed = sampler.stop(Map.of());
      missing = sampler.missing();
      return observed;
    }
  }

  private static String page(ScriptedServer server) {
    return server.url().replace("/v1/completions", "/metrics");
  }

  @Test
  void aServerSaysWhatItIs() throws Exception {
    assertThat(
            identity(
                "/v1/models {\"data\":[{\"owned_by\":\"vllm\"}]}",
                "/version {\"version\":\"0.26.0\"}"))
        .isEqualTo(new ServerIdentity("vllm", "0.26.0"));
    assertThat(
            identity(
                "/v1/models {\"data\":[{\"owned_by\":\"sglang\"}]}",
                "/server_info {\"version\":\"0.5.4\"}"))
        .isEqualTo(new ServerIdentity("sglang", "0.5.4"));
    assertThat(identity("/props {\"build_info\":\"b1-abc\"}"))
        .isEqualTo(new ServerIdentity("llamacpp", "b1-abc"));
    assertThat(identity("/version {\"version\":\"9\"}")).isEqualTo(new ServerIdentity(null, "9"));
    assertThat(identity("/v1/models <html>")).isEqualTo(ServerIdentity.UNKNOWN);
  }

  private static ServerIdentity identity(String... pages) throws IOException, InterruptedException {
    try (ScriptedServer server =
            ScriptedServer.start((request, out) -> {
              for (String page : pages) {
                String path = page.substring(0, page.indexOf(' '));
                if (request.head().startsWith("GET " + path + " ")) {
                  write(out, plain(200, "application/json", page.substring(path.length() + 1)));
                  return;
                }
              }
              write(out, plain(404, "text/plain", "no"));
            });
        SideRequests requests = SideRequests.to(Endpoint.parse(server.url(), "/"), Map.of())) {
      return ServerIdentity.ask(requests);
    }
  }
}
