package dev.kvasir.producer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @CsvSource({
    "http://h:8000/v1/completions, http://h:8000/v1/completions, false, h, 8000, /v1/completions",
    "http://h:8000, http://h:8000/usual, false, h, 8000, /usual",
    "http://h:8000/, http://h:8000/usual, false, h, 8000, /usual",
    "https://h/a?k=v, https://h:443/a, true, h, 443, /a?k=v",
    "HTTP://h/a, http://h:80/a, false, h, 80, /a",
    "http://[::1]:9/a, http://[::1]:9/a, false, ::1, 9, /a"
  })
  void readsAnAddress(String text, String url, boolean tls, String host, int port, String path) {
    assertThat(Endpoint.parse(text, "/usual"))
        .isEqualTo(new Endpoint(url, tls, host, port, path, Trust.OF_JAVA));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h:8000", "ftp://h/a", "http:///a", "http://h h/", ""})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> Endpoint.parse(text, "/usual"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the server's address is " + text);
  }

  @Test
  void refusesCredentialsWithoutRepeatingThem() {
    assertThatThrownBy(() -> Endpoint.parse("http://user:secret@h/", "/usual"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("credentials")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"user:secret@h:8000/a", "ftp://user:secret@h/a", "http://h h/?k=secret"})
  void refusesAnyAddressWithoutRepeatingWhatMayBeASecret(String text) {
    assertThatThrownBy(() -> Endpoint.parse(text, "/usual"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("***")
        .hasStackTraceContaining("the server's address is")
        .satisfies(e -> assertThat(e).hasNoCause())
        .hasMessageNotContaining("secret");
  }
}
