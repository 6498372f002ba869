package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.Csv;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes a figure's pictures and, beside them, its caption, its data and its SQL. */
public final class FigureFiles {

  /** What a picture is written as. */
  public enum Format {
    PDF,
    SVG,
    PNG
  }

  /** Every format. */
  public static final Set<Format> ALL = EnumSet.allOf(Format.class);

  private FigureFiles() {}

  /**
   * Writes into a folder, which is created when absent.
   *
   * @return the files, the pictures first
   */
  public static List<Path> write(Figure figure, Path folder, Set<Format> formats)
      throws IOException {
    Files.createDirectories(folder);
    String svg = figure.svg();
    List<Path> files = new ArrayList<>();
    for (Format format : formats) {
      byte[] picture =
          switch (format) {
            case PDF -> Drawing.pdf(svg);
            case SVG -> svg.getBytes(StandardCharsets.UTF_8);
            case PNG -> Drawing.png(svg, figure.width());
          };
      String ending = format.name().toLowerCase(Locale.ROOT);
      files.add(Files.write(folder.resolve(figure.name() + "." + ending), picture));
    }
    files.add(Files.writeString(folder.resolve(figure.name() + ".txt"), figure.caption() + "\n"));
    files.add(Files.writeString(folder.resolve(figure.name() + ".csv"), Csv.of(figure.data())));
    files.add(Files.writeString(folder.resolve(figure.name() + ".sql"), figure.sql() + "\n"));
    return files;
  }

  /** A text as part of a file's name. */
  static String safe(String text) {
    return text.replaceAll("[^A-Za-z0-9._=-]+", "-");
  }
}
