package dev.kvasir.sink.exports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonNumberTest {

  @ParameterizedTest
  @CsvSource({
    "0.0, 0.0",
    "100, 100.0",
    "89.80645475021447, 89.80645475021447",
    "12345678.9, 12345678.9",
    "1e15, 1000000000000000.0",
    "1e16, 1e+16",
    "0.0001, 0.0001",
    "0.00001234, 1.234e-05",
    "1e-10, 1e-10",
    "1.5e300, 1.5e+300"
  })
  void aNumberIsWrittenAsPythonDoes(double number, String text) {
    assertThat(PythonNumber.text(number)).isEqualTo(text);
  }
}
