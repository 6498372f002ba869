package dev.kvasir.producer.workload;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files on this machine.
 *
 * @param folder what relative names are relative to
 */
public record DatasetFolder(Path folder) implements Datasets {

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
    return new BufferedInputStream(Files.newInputStream(path(file)), 1 << 16);
  }

  private Path path(String file) {
    return folder.resolve(file).toAbsolutePath().normalize();
  }
}
