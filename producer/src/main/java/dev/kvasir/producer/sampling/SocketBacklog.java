package dev.kvasir.producer.sampling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes that wait in the sockets to a server, as Linux lists them in {@code /proc/net/tcp}. Java
 * cannot ask a socket for it. Elsewhere nothing is known. Owned by the sampler's thread.
 */
final class SocketBacklog {

  private static final Logger LOG = LoggerFactory.getLogger(SocketBacklog.class);
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int QUEUES = 4;
  private static final String ESTABLISHED = "01";
  private static final int HEX = 16;

  private final String port;
  private final List<Path> tables;

  /** The sockets that are connected to a port. */
  SocketBacklog(int serverPort) {
    this.port = "%04X".formatted(serverPort);
    this.tables =
        Stream.of("/proc/self/net/tcp", "/proc/self/net/tcp6")
            .map(Path::of)
            .filter(Files::isReadable)
            .toList();
  }

  /** Takes samples of them; all bytes together, null where nobody knows. */
  @Nullable Long read(ClientVitals.Taker samples) {
    if (tables.isEmpty()) {
      return null;
    }
    long all = 0;
    long largest = 0;
    try {
      for (Path table : tables) {
        for (String line : Files.readAllLines(table)) {
          long waiting = waiting(line, port);
          all += waiting;
          largest = Math.max(largest, waiting);
        }
      }
    } catch (IOException e) {
      LOG.debug("the sockets' backlog is not known reason=\"{}\"", e.getMessage());
      return null;
    }
    samples.take("socket_backlog_bytes", (double) all);
    samples.take("socket_backlog_max_bytes", (double) largest);
    return all;
  }

  /** Bytes that wait in the socket of a line; 0 if it leads elsewhere. */
  static long waiting(String line, String port) {
    String[] fields = line.strip().split("\\s+", -1);
    if (fields.length <= QUEUES
        || !fields[STATE].equals(ESTABLISHED)
        || !fields[REMOTE].endsWith(":" + port)) {
      return 0;
    }
    return Long.parseLong(fields[QUEUES].substring(fields[QUEUES].indexOf(':') + 1), HEX);
  }
}
