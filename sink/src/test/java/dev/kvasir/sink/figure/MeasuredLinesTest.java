package dev.kvasir.sink.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredLinesTest {

  @TempDir private Path folder;

  @Test
  void measurementsBecomePicturesWithTheirDataAndCaption() throws Exception {
    Figure figure =
        MeasuredLines.draw(
            new MeasuredLines.Order(
                "lag",
                "Lag (ms)",
                List.of(
                    new MeasuredLines.Part(
                        "Tokens/s",
                        List.of(
                            new MeasuredLines.Point("p50", 1000, 0.1),
                            new MeasuredLines.Point("p50", 2000, 0.2),
                            new MeasuredLines.Point("p99", 1000, 0.9),
                            new MeasuredLines.Point("p99", 2000, 40))),
                    new MeasuredLines.Part(
                        "Streams", List.of(new MeasuredLines.Point("p99", 500, 1.5)))),
                List.of(1.0, 5.0),
                10,
                "measured by a test",
                "What the lag is."));

    List<Path> files =
        FigureFiles.write(
            figure,
            System.getProperty("kvasir.figures") == null
                ? folder
                : Path.of(System.getProperty("kvasir.figures")),
            FigureFiles.ALL);

    assertThat(files).extracting(file -> file.getFileName().toString()).contains("lag.pdf");
    assertThat(figure.svg()).contains("Tokens/s", "Streams", "Lag (ms)", "p50", "p99");
    assertThat(Files.readString(file(files, "lag.csv")))
        .as("the data has what was measured, also above the ceiling")
        .contains("Tokens/s,p99,2000.0,40.0");
    assertThat(Files.readString(file(files, "lag.txt"))).isEqualTo("What the lag is.\n");
    assertThat(Files.readString(file(files, "lag.sql"))).isEqualTo("-- measured by a test\n");
  }

  private static Path file(List<Path> files, String name) {
    return files.stream().filter(each -> each.endsWith(name)).findFirst().orElseThrow();
  }
}
