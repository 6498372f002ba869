package dev.kvasir.producer.sampling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process takes up on this machine, as Linux lists it in {@code /proc}. Elsewhere, and of a
 * process that has ended or is another user's, nothing is known.
 */
final class Footprint {

  private static final Logger LOG = LoggerFactory.getLogger(Footprint.class);
  private static final long KIB = 1024;

  private final Path process;

  /** Of a process of this machine. */
  Footprint(long pid) {
    this.process = Path.of("/proc", Long.toString(pid));
  }

  void read(ClientVitals.Taker samples) {
    if (!Files.isReadable(process.resolve("status"))) {
      return;
    }
    try {
      List<String> status = Files.readAllLines(process.resolve("status"));
      long files = openFiles();
      samples.take("resident_bytes", (double) number(status, "VmRSS:") * KIB);
      samples.take("threads", (double) number(status, "Threads:"));
      samples.take("open_files", (double) files);
    } catch (IOException e) {
      LOG.debug("a footprint is not known process={} reason=\"{}\"", process, e.getMessage());
    }
  }

  private long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files.count();
    }
  }

  private long number(List<String> status, String field) throws IOException {
    String line =
        status.stream()
            .filter(each -> each.startsWith(field))
            .findFirst()
            .orElseThrow(() -> new IOException("the process has ended"));
    return Long.parseLong(line.substring(field.length()).replace("kB", "").strip());
  }
}
