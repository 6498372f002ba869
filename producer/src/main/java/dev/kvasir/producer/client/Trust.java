package dev.kvasir.producer.client;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are believed.
 *
 * @param ca file of PEM certificates; null for those of the Java runtime
 * @param insecure whether any is, whoever shows it
 */
public record Trust(@Nullable Path ca, boolean insecure) {

  /** The certificates that Java believes. */
  public static final Trust OF_JAVA = new Trust(null, false);

  /** Connections are pooled by the identity of these. */
  private static final Map<Trust, ClientSSLOptions> OPTIONS = new ConcurrentHashMap<>();

  /** For the client that sends the load. */
  ClientSSLOptions options() {
    return OPTIONS.computeIfAbsent(this, Trust::made);
  }

  private ClientSSLOptions made() {
    ClientSSLOptions options = new ClientSSLOptions();
    if (insecure) {
      options.setTrustAll(true).setHostnameVerificationAlgorithm("");
      return options;
    }
    options.setHostnameVerificationAlgorithm("HTTPS");
    if (ca != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(ca.toString()));
    }
    return options;
  }

  /**
   * For requests beside the load.
   *
   * @throws IllegalArgumentException if the file holds no certificates
   */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "the certificates in %s cannot be used: %s; give a file of PEM certificates"
              .formatted(ca, e.getMessage()),
          e);
    }
  }

  private TrustManager @Nullable [] managers() throws GeneralSecurityException, IOException {
    if (insecure) {
      return new TrustManager[] {new Everyone()};
    }
    if (ca == null) {
      return null;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(ca)) {
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + number++, each);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Believes every certificate, for any host. */
  private static final class Everyone extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
