package dev.kvasir.app.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.app.http.OwnCertificate;
import dev.kvasir.app.http.TlsFiles;
import dev.kvasir.app.meter.MeterServer;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.topic.Registry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page and the metrics where other machines reach them. */
class GuardedPageTest {

  private static final String TOKEN = "a-token-of-some-length";
  private static final String EVERYWHERE = "0.0.0.0";

  @TempDir private static Path folder;
  private static OwnCertificate certificate;
  private static TlsFiles tls;

  @BeforeAll
  static void makeTheCertificate() throws Exception {
    certificate = OwnCertificate.make(folder);
    tls = new TlsFiles(certificate.certificate(), certificate.key());
  }

  @Test
  void thePageSpeaksTlsAndItsCookieTravelsByTlsAlone() throws Exception {
    PageSettings settings =
        new PageSettings("127.0.0.1:1", Registry.embedded(), EVERYWHERE, 0, TOKEN, tls);
    try (PageServer page = PageServer.start(settings, Meters.ofThisProcess());
        HttpClient client = HttpClient.newBuilder().sslContext(certificate.tls()).build()) {
      URI root = URI.create("https://127.0.0.1:" + page.port() + "/");

      assertThat(get(client, root).statusCode()).isEqualTo(401);
      HttpResponse<String> opened = get(client, root.resolve("?token=" + TOKEN));
      assertThat(opened.statusCode()).isEqualTo(303);
      assertThat(opened.headers().firstValue("Set-Cookie").orElseThrow())
          .contains("Secure")
          .containsIgnoringCase("HttpOnly");
      assertThatThrownBy(() -> get(client, URI.create("http://127.0.0.1:" + page.port() + "/")))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void theMetricsSpeakTlsToWhoeverShowsTheToken() throws Exception {
    try (Meters meters = Meters.ofThisProcess();
        MeterServer server = MeterServer.start(meters, EVERYWHERE, 0, TOKEN, tls);
        HttpClient client = HttpClient.newBuilder().sslContext(certificate.tls()).build()) {
      URI metrics = URI.create("https://127.0.0.1:" + server.port() + "/metrics");

      assertThat(get(client, metrics).statusCode()).isEqualTo(401);
      HttpRequest shown =
          HttpRequest.newBuilder(metrics).header("Authorization", "Bearer " + TOKEN).build();
      assertThat(client.send(shown, HttpResponse.BodyHandlers.ofString()).body())
          .contains("jvm_memory_used_bytes");
    }
  }

  @Test
  void aCertificateWithoutItsKeyIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsFiles.of(certificate.certificate(), null))
        .withMessageContaining("key is missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsFiles.of(folder.resolve("none.pem"), certificate.key()))
        .withMessageContaining("none.pem")
        .withMessageContaining("cannot be read");
    assertThat(TlsFiles.of(null, null)).isNull();
  }

  private static HttpResponse<String> get(HttpClient client, URI address)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }
}
