package dev.kvasir.producer.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet or CSV file, read as a line of JSON for each row. What was read once from its start can
 * be read from any place, out of a temporary file that ends with the process. One thread uses it.
 */
public final class TableFile {

  private final Path file;
  private @Nullable Path lines;

  public TableFile(Path file) {
    this.file = file;
  }

  /** Whether a file is one of rows, as its name ends. */
  public static boolean isOne(Path file) {
    return isParquet(file) || isCsv(file);
  }

  private static boolean isParquet(Path file) {
    return hasEnding(file, ".parquet");
  }

  private static boolean isCsv(Path file) {
    return hasEnding(file, ".csv");
  }

  private static boolean hasEnding(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /** The lines from the first row on. */
  public InputStream open() throws IOException {
    try {
      return RowLines.of(isParquet(file) ? "read_parquet(?)" : csv(), file.toString());
    } catch (SQLException unreadable) {
      throw new IOException(firstLine(unreadable), unreadable);
    }
  }

  /** Dates stay texts, with all their digits. */
  private static String csv() {
    return "read_csv(?, header=true, auto_type_candidates=['BIGINT','DOUBLE','VARCHAR'])";
  }

  /** The lines from an offset on. */
  public InputStream open(long offset) throws IOException {
    if (lines == null) {
      lines = Files.createTempFile("kvasir-rows-", ".jsonl");
      lines.toFile().deleteOnExit();
      try (InputStream in = open();
          var out = Files.newOutputStream(lines)) {
        in.transferTo(out);
      }
    }
    InputStream in = Files.newInputStream(lines);
    in.skipNBytes(offset);
    return in;
  }

  static String firstLine(SQLException cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("unreadable");
  }
}
