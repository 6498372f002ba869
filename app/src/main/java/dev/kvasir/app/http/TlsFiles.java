package dev.kvasir.app.http;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a server shows over TLS.
 *
 * @param certificate file of PEM certificates, the server's own first
 * @param key file of its private key, PEM, PKCS 8, without a password
 */
public record TlsFiles(Path certificate, Path key) {

  public TlsFiles {
    for (Path each : new Path[] {certificate, key}) {
      if (!Files.isReadable(each)) {
        throw new IllegalArgumentException(
            "%s cannot be read; TLS needs a certificate and its key, both PEM".formatted(each));
      }
    }
  }

  /** The options of a server that shows these, or of one that speaks plainly for null. */
  public static HttpServerOptions serving(@Nullable TlsFiles tls) {
    HttpServerOptions options = new HttpServerOptions();
    if (tls == null) {
      return options;
    }
    return options
        .setSsl(true)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(tls.certificate.toAbsolutePath().toString())
                .setKeyPath(tls.key.toAbsolutePath().toString()));
  }

  /** The scheme of a server's address. */
  public static String scheme(@Nullable TlsFiles tls) {
    return tls == null ? "http" : "https";
  }

  /**
   * Files that options name: both or neither.
   *
   * @throws IllegalArgumentException if one is missing or cannot be read
   */
  public static @Nullable TlsFiles of(@Nullable Path certificate, @Nullable Path key) {
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      throw new IllegalArgumentException(
          "TLS needs both a certificate and its key, and the %s is missing"
              .formatted(key == null ? "key" : "certificate"));
    }
    return new TlsFiles(certificate, key);
  }
}
