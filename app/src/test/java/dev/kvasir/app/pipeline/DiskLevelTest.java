package dev.kvasir.app.pipeline;

import static dev.kvasir.app.pipeline.DiskLevel.FULL;
import static dev.kvasir.app.pipeline.DiskLevel.NEARLY_FULL;
import static dev.kvasir.app.pipeline.DiskLevel.NORMAL;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskLevelTest {

  private static final long MIB = 1L << 20;
  private static final long LARGE = 1000 * 1024 * MIB;

  @ParameterizedTest(name = "{1} of {0} MiB free: {2}")
  @CsvSource({
    "1024000, 2048, NORMAL",
    "1024000, 2047, NEARLY_FULL",
    "1024000, 512, NEARLY_FULL",
    "1024000, 511, FULL",
    "1000, 100, NORMAL",
    "1000, 99, NEARLY_FULL",
    "1000, 50, NEARLY_FULL",
    "1000, 49, FULL",
    "1000, 0, FULL",
  })
  void aDiskIsJudgedByWhatIsFreeAndASmallOneByItsShare(long total, long free, DiskLevel level) {
    assertThat(NORMAL.then(new DiskSpace(free * MIB, total * MIB))).isEqualTo(level);
  }

  @Test
  void aLevelIsLeftOnlyWhenAQuarterMoreIsFree() {
    assertThat(NEARLY_FULL.then(free(2048))).isEqualTo(NEARLY_FULL);
    assertThat(NEARLY_FULL.then(free(2559))).isEqualTo(NEARLY_FULL);
    assertThat(NEARLY_FULL.then(free(2560))).isEqualTo(NORMAL);
    assertThat(FULL.then(free(512))).isEqualTo(FULL);
    assertThat(FULL.then(free(639))).isEqualTo(FULL);
    assertThat(FULL.then(free(640))).isEqualTo(NEARLY_FULL);
    assertThat(FULL.then(free(2559))).isEqualTo(NEARLY_FULL);
    assertThat(FULL.then(free(2560))).isEqualTo(NORMAL);
  }

  @Test
  void aDeviceThatDoesNotSayItsSizeHasRoom() {
    assertThat(NORMAL.then(new DiskSpace(0, 0))).isEqualTo(NORMAL);
  }

  private static DiskSpace free(long mebibytes) {
    return new DiskSpace(mebibytes * MIB, LARGE);
  }
}
