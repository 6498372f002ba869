package dev.kvasir.app.command;

import dev.kvasir.app.http.TlsFiles;
import dev.kvasir.app.pipeline.PipelineSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the live page. */
final class PageOptions {

  private static final int USUAL_PORT = 8686;

  @Option(
      names = "--page-port",
      paramLabel = "PORT",
      description =
          "Port of the live page, 0 for a free one (default: 8686, or a free one when it is taken).")
  private @Nullable Integer port;

  @Option(
      names = "--page-host",
      paramLabel = "ADDRESS",
      description = "Address that it listens on (default: 127.0.0.1); others need --page-token.")
  private String host = "127.0.0.1";

  @Option(
      names = "--page-token",
      paramLabel = "TOKEN",
      defaultValue = "${env:KVASIR_PAGE_TOKEN}",
      description = "What a browser must show (default: KVASIR_PAGE_TOKEN, else nothing).")
  private @Nullable String token;

  @Option(
      names = "--page-tls-cert",
      paramLabel = "FILE",
      description = "Serve it over TLS with this certificate (PEM) and --page-tls-key.")
  private @Nullable Path certificate;

  @Option(
      names = "--page-tls-key",
      paramLabel = "FILE",
      description = "The certificate's private key (PEM, PKCS 8).")
  private @Nullable Path key;

  PipelineSettings.Page wanted() {
    try {
      return new PipelineSettings.Page(
          host,
          port == null ? USUAL_PORT : port,
          port == null,
          token,
          TlsFiles.of(certificate, key));
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  /** Says where the page is, and how to reach it from a machine that has a display. */
  static List<String> words(@Nullable URI page) {
    if (page == null) {
      return List.of();
    }
    String here = "Live page: " + page;
    if (System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null) {
      return List.of(here);
    }
    String elsewhere =
        "  from another machine: ssh -L %d:%s:%d %s, then open %s://127.0.0.1:%d/"
            .formatted(
                page.getPort(),
                page.getHost(),
                page.getPort(),
                here(),
                page.getScheme(),
                page.getPort());
    return List.of(here, elsewhere);
  }

  private static String here() {
    String user = System.getProperty("user.name");
    try {
      return user + "@" + java.net.InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return user + "@this-machine";
    }
  }
}
