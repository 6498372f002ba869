package dev.kvasir.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningTest {

  private static final String SHORTEST = "0123456789abcdef";

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  "})
  void aBlankTokenIsNone(String blank) {
    assertThat(Listening.token("x", "--token", "127.0.0.1", blank)).isNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Listening.token("x", "--token", "0.0.0.0", blank))
        .withMessageContaining("0.0.0.0")
        .withMessageContaining("--token");
  }

  @Test
  void aTokenHasAtLeastSixteenCharactersWhereverItIsAskedFor() {
    assertThat(Listening.token("x", "--token", "0.0.0.0", SHORTEST)).isEqualTo(SHORTEST);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Listening.token("x", "--token", "127.0.0.1", SHORTEST.substring(1)))
        .withMessageContaining("15 characters")
        .withMessageNotContaining(SHORTEST.substring(1));
  }
}
