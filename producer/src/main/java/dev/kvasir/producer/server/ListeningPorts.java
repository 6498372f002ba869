package dev.kvasir.producer.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;

/** Ports of this machine. */
final class ListeningPorts {

  private ListeningPorts() {}

  /** Ports on which nothing listens, each another one. */
  static PrimitiveIterator.OfInt free() {
    return IntStream.generate(ListeningPorts::unused).distinct().iterator();
  }

  private static int unused() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port is free", e);
    }
  }

  /** Whether something listens on a port. */
  static boolean isTaken(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return !socket.isBound();
    } catch (IOException e) {
      return true;
    }
  }
}
