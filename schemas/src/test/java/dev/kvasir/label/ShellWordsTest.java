package dev.kvasir.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellWordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a  b	c | a;b;c
          'a b' "c d" | a b;c d
          a'b'"c" | abc
          '' "" | ;
          a\\ b | a b
          "a\\"b" 'a\\b' | a"b;a\\b
          'open to the end | open to the end
          """)
  void text_is_split_as_a_shell_would(String text, String words) {
    assertThat(String.join(";", ShellWords.split(text))).isEqualTo(words);
  }

  @Test
  void lines_that_are_continued_are_one_command() {
    assertThat(ShellWords.split("a \\\n  b\n")).containsExactly("a", "b");
  }

  @Test
  void words_that_were_joined_split_again() {
    List<String> words = List.of("a", "", "b c", "it's", "{\"k\": \"v\"}", "$HOME", "x\ny");

    assertThat(ShellWords.split(ShellWords.join(words))).isEqualTo(words);
  }
}
