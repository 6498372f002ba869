package dev.kvasir.app.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;

/** Ports of the loopback address. */
public final class Ports {

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;

  /** Processes that start together look for ports far from each other. */
  private static final int SPREAD = 97;

  private Ports() {}

  /** A port that nobody listens on now. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("this machine has no free port", e);
    }
  }

  /**
   * Ports that nobody listens on now, below those that the system gives to outgoing connections, so
   * that a server can be away for a while and come back to its own.
   */
  public static List<Integer> free(int count) {
    int start = LOWEST + (int) (ProcessHandle.current().pid() * SPREAD % (HIGHEST - LOWEST));
    List<Integer> ports =
        IntStream.range(0, HIGHEST - LOWEST)
            .map(i -> LOWEST + (start - LOWEST + i) % (HIGHEST - LOWEST))
            .filter(Ports::isFree)
            .limit(count)
            .boxed()
            .toList();
    if (ports.size() < count) {
      throw new IllegalStateException(
          "only %d of %d ports are free between %d and %d"
              .formatted(ports.size(), count, LOWEST, HIGHEST));
    }
    return ports;
  }

  /** Whether nobody listens on a port now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
