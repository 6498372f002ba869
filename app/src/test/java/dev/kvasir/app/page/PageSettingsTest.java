package dev.kvasir.app.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kvasir.topic.Registry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageSettingsTest {

  private static final String TOKEN = "0123456789abcdef";

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.3.2.1", "localhost", "::1", "[::1]"})
  void aLoopbackAddressNeedsNoToken(String host) {
    assertThat(settings(host, null).host()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7", "example.org", "localhost.example.org"})
  void anyOtherAddressNeedsOne(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(host, null))
        .withMessageContaining(host)
        .withMessageContaining("token");
    assertThat(settings(host, TOKEN).token()).isEqualTo(TOKEN);
  }

  @Test
  void aShortTokenIsRefusedWithoutBeingShown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("0.0.0.0", "secret7"))
        .withMessageContaining("7 characters")
        .withMessageNotContaining("secret7");
  }

  @Test
  void theTokenIsNotInTheText() {
    assertThat(settings("0.0.0.0", TOKEN).toString()).doesNotContain(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void aPortOutsideItsRangeIsNamed(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new PageSettings("127.0.0.1:9", Registry.embedded(), "127.0.0.1", port, null))
        .withMessageContaining(Integer.toString(port));
  }

  private static PageSettings settings(String host, @Nullable String token) {
    return new PageSettings("127.0.0.1:9", Registry.embedded(), host, 0, token);
  }
}
