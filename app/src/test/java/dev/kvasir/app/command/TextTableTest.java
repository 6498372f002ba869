package dev.kvasir.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void columnsAreAlignedNumbersToTheRight() {
    TextTable table = new TextTable(List.of("name", ">n"));
    table.add(List.of("a", "1"));
    table.add(List.of("longer", "1000"));

    assertThat(table.lines()).containsExactly("name       n", "a          1", "longer  1000");
  }

  @Test
  void numbersKeepThreeDigitsAndCountsAreWhole() {
    assertThat(TextTable.number(0.1234)).isEqualTo("0.12");
    assertThat(TextTable.number(12.34)).isEqualTo("12.3");
    assertThat(TextTable.number(1234.5)).isEqualTo("1235");
    assertThat(TextTable.number(7L)).isEqualTo("7");
    assertThat(TextTable.number(null)).isEqualTo("-");
  }
}
