package dev.kvasir.app.pipeline;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Room on the device of a folder.
 *
 * @param free bytes that this process may still use
 * @param total bytes of the device
 */
record DiskSpace(long free, long total) {

  private static final double GIB = 1L << 30;
  private static final double MIB = 1L << 20;

  /** The room around a folder that exists, now. */
  static DiskSpace of(Path folder) throws IOException {
    FileStore store = Files.getFileStore(folder);
    return new DiskSpace(store.getUsableSpace(), store.getTotalSpace());
  }

  /** Bytes as people write them. */
  static String words(long bytes) {
    return bytes < GIB
        ? String.format(Locale.ROOT, "%.0f MiB", bytes / MIB)
        : String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
  }
}
