package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseFileTest {

  private static final String SPILLS = "SELECT current_setting('max_temp_directory_size')";
  private static final long MEMORY = 128 << 20;

  @TempDir private Path folder;

  @Test
  void queriesMayPutAQuarterOfTheFreeRoomOnTheDiskAndAtMost16GigabytesOfIt() {
    assertThat(WarehouseFile.spillLimit(40_000_000_000L)).isEqualTo(10_000_000_000L);
    assertThat(WarehouseFile.spillLimit(64_000_000_000L)).isEqualTo(16_000_000_000L);
    assertThat(WarehouseFile.spillLimit(4_000_000_000_000L)).isEqualTo(16_000_000_000L);
    assertThat(WarehouseFile.spillLimit(0)).isZero();
  }

  @Test
  void whoeverOpensTheFileIsHeldToIt() throws Exception {
    Path file = folder.resolve("warehouse.duckdb");
    Path exports = folder.resolve("out");
    double most = 1.1 * WarehouseFile.spillLimit(Files.getFileStore(folder).getUsableSpace());

    try (WarehouseFile opened = WarehouseFile.open(file, exports, MEMORY);
        WarehouseReader reader = WarehouseReader.of(opened, QueryLimits.USUAL)) {
      assertThat(spilled(reader)).isBetween(1.0, most);
    }
    try (WarehouseReader reader = WarehouseReader.open(file, exports, QueryLimits.USUAL, MEMORY)) {
      assertThat(spilled(reader)).isBetween(1.0, most);
    }
  }

  private static double spilled(WarehouseReader reader) {
    String[] words = reader.query(SPILLS).rows().getFirst().getFirst().toString().split(" ");
    return Double.parseDouble(words[0])
        * switch (words[1]) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> throw new AssertionError(words[1]);
        };
  }
}
