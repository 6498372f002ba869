package dev.kvasir.producer.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {

  @TempDir private Path folder;

  @Test
  void records_of_an_array_are_read_again_from_where_they_stand() throws IOException {
    String array =
        IntStream.range(0, 20_000)
            .mapToObj("{\"n\": %d, \"text\": \"größer [,] \\\" 漢字\"}"::formatted)
            .collect(Collectors.joining(",\n  ", "\uFEFF [\n", "]\n"));

    Records<Integer> records = index(array);

    assertThat(records.size()).isEqualTo(20_000);
    assertThat(records.get(0)).isZero();
    assertThat(records.get(12_345)).isEqualTo(12_345);
    assertThat(records.get(19_999)).isEqualTo(19_999);
  }

  @Test
  void records_of_lines_are_read_again_from_where_they_stand() throws IOException {
    String lines =
        IntStream.range(0, 20_000)
            .mapToObj("{\"n\": %d, \"text\": \"größer 漢字\"}"::formatted)
            .collect(Collectors.joining("\r\n\n"));

    Records<Integer> records = index(lines);

    assertThat(records.size()).isEqualTo(20_000);
    assertThat(records.get(7)).isEqualTo(7);
    assertThat(records.get(19_999)).isEqualTo(19_999);
  }

  @Test
  void a_file_that_changes_under_way_is_an_error_that_says_so() throws IOException {
    Records<Integer> records = index("{\"n\": 1}\n{\"n\": 2}\n");
    Files.writeString(folder.resolve("file"), "{}");

    assertThatThrownBy(() -> records.get(1))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("record 2 cannot be read again");
  }

  private Records<Integer> index(String text) throws IOException {
    Files.writeString(folder.resolve("file"), text);
    return new RecordReader("file", false).index(new DatasetFolder(folder), RecordsTest::number);
  }

  private static Integer number(JsonNode node) throws MalformedRecordException {
    if (!node.has("n")) {
      throw new MalformedRecordException("no n");
    }
    return node.get("n").intValue();
  }
}
