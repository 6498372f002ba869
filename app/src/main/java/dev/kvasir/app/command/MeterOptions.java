package dev.kvasir.app.command;

import dev.kvasir.app.meter.MeterServer;
import dev.kvasir.app.meter.Meters;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a stage's metrics; without a port none are served. */
final class MeterOptions {

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Serve /metrics, /health and /ready on this port, 0 for a free one.")
  private @Nullable Integer port;

  @Option(
      names = "--metrics-host",
      paramLabel = "ADDRESS",
      description = "Address that they are served on (default: 127.0.0.1).")
  private String host = "127.0.0.1";

  @Option(
      names = "--metrics-token",
      paramLabel = "TOKEN",
      defaultValue = "${env:KVASIR_METRICS_TOKEN}",
      description = "What a reader must show as a bearer (default: KVASIR_METRICS_TOKEN).")
  private @Nullable String token;

  /** Serves the meters and says where; null without a port. */
  @Nullable MeterServer serve(Meters meters, Terminal terminal) {
    if (port == null) {
      return null;
    }
    MeterServer server = MeterServer.start(meters, host, port, token);
    terminal.out().printf("Metrics: http://%s:%d/metrics%n", host, server.port());
    return server;
  }
}
