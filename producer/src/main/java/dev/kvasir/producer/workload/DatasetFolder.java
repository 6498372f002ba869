package dev.kvasir.producer.workload;

import dev.kvasir.producer.table.TableFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Files on this machine; Parquet and CSV are given as lines of JSON. One thread uses it. */
public final class DatasetFolder implements Datasets {

  private final Path folder;
  private final Map<Path, TableFile> tables = new HashMap<>();

  /**
   * A folder.
   *
   * @param folder what relative names are relative to
   */
  public DatasetFolder(Path folder) {
    this.folder = folder;
  }

  @Override
  public String resolve(String file) {
    return path(file).toString();
  }

  @Override
  public boolean readable(String file) {
    return Files.isRegularFile(path(file)) && Files.isReadable(path(file));
  }

  @Override
  public InputStream open(String file) throws IOException {
    Path path = path(file);
    InputStream in = TableFile.isOne(path) ? table(path).open() : Files.newInputStream(path);
    return new BufferedInputStream(in, 1 << 16);
  }

  @Override
  public InputStream bytes(String file) throws IOException {
    return Files.newInputStream(path(file));
  }

  @Override
  public InputStream open(String file, long offset) throws IOException {
    Path path = path(file);
    if (TableFile.isOne(path)) {
      return table(path).open(offset);
    }
    InputStream in = Files.newInputStream(path);
    in.skipNBytes(offset);
    return in;
  }

  private TableFile table(Path path) {
    return tables.computeIfAbsent(path, TableFile::new);
  }

  private Path path(String file) {
    return folder.resolve(file).toAbsolutePath().normalize();
  }
}
