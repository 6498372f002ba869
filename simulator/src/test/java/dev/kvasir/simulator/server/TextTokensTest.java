package dev.kvasir.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextTokensTest {

  @Test
  void everyOutputWordIsReadBackAsItself() {
    Set<String> words = new HashSet<>();
    for (int id = 0; id < TextTokens.WORDS; id++) {
      String word = TextTokens.word(id);
      assertThat(word).hasSize(4);
      assertThat(words.add(word)).isTrue();
      assertThat(encode(word)).containsExactly(id);
    }
  }

  @Test
  void aTokenIsFourCharactersOrTheRest() {
    assertThat(TextTokens.count("")).isZero();
    assertThat(encode("12345678")).hasSize(2);
    assertThat(encode("123456789")).hasSize(3);
    assertThat(encode("abcdabcd")[0]).isEqualTo(encode("abcdabcd")[1]);
    assertThat(encode("abc")[0]).isNotEqualTo(encode("abc ")[0]);
  }

  private static int[] encode(String text) {
    int[] ids = new int[TextTokens.count(text)];
    TextTokens.encode(text, ids, 0);
    return ids;
  }
}
