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
  void aTokenIsAWordWithItsSpaceThreeDigitsOrFourOtherCharacters() {
    assertThat(TextTokens.count("")).isZero();
    assertThat(encode("the cat and a dog")).hasSize(5);
    assertThat(encode("extraordinarily")).hasSize(2);
    assertThat(encode("in 2026, or 07")).hasSize(8);
    assertThat(encode("\n\n  so")).hasSize(2);
    assertThat(encode("{{\"a\":1}}")).hasSize(5);
  }

  @Test
  void equalTokensHaveEqualIds() {
    int[] ids = encode("cat cat cat dog ");

    assertThat(ids).hasSize(5);
    assertThat(ids[1]).isEqualTo(ids[2]).isNotEqualTo(ids[0]).isNotEqualTo(ids[3]);
  }

  private static int[] encode(String text) {
    int[] ids = new int[TextTokens.count(text)];
    TextTokens.encode(text, ids, 0);
    return ids;
  }
}
