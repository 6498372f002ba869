package dev.kvasir.app.command;

import dev.kvasir.app.http.TlsFiles;
import dev.kvasir.app.meter.MeterServer;
import dev.kvasir.app.meter.Meters;
import java.nio.file.Path;
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

  @Option(
      names = "--metrics-tls-cert",
      paramLabel = "FILE",
      description = "Serve them over TLS with this certificate (PEM) and --metrics-tls-key.")
  private @Nullable Path certificate;

  @Option(
      names = "--metrics-tls-key",
      paramLabel = "FILE",
      description = "The certificate's private key (PEM, PKCS 8).")
  private @Nullable Path key;

  /** Serves the meters and says where; null without a port. */
  @Nullable MeterServer serve(Meters meters, Terminal terminal) {
    if (port == null) {
      return null;
    }
    try {
      TlsFiles tls = TlsFiles.of(certificate, key);
      MeterServer server = MeterServer.start(meters, host, port, token, tls);
      terminal
          .out()
          .printf("Metrics: %s://%s:%d/metrics%n", TlsFiles.scheme(tls), host, server.port());
      return server;
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }
}
