package dev.kvasir.app.chaos;

import dev.kvasir.time.Pause;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A door before a TCP server on the loopback address, through which connections can be reset,
 * refused and slowed down. Thread-safe; each connection has two threads of its own.
 */
final class FaultProxy implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FaultProxy.class);
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int CONNECT_MILLIS = 2_000;
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final ServerSocket door;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;
  private volatile Duration delay = Duration.ZERO;

  private FaultProxy(ServerSocket door, int target) {
    this.door = door;
    this.target = target;
  }

  /**
   * Opens a door.
   *
   * @param port where it listens; 0 for a free port
   * @param target port of the server behind it
   */
  static FaultProxy open(int port, int target) {
    try {
      ServerSocket door = new ServerSocket();
      door.setReuseAddress(true);
      door.bind(new InetSocketAddress(LOOPBACK, port));
      FaultProxy proxy = new FaultProxy(door, target);
      Thread.ofVirtual().name("fault-proxy").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("no fault proxy can listen on port " + port, e);
    }
  }

  int port() {
    return door.getLocalPort();
  }

  /** Resets every connection. */
  void cut() {
    open.forEach(FaultProxy::reset);
  }

  /** Resets every connection and whatever comes, or lets connections in again. */
  void refuse(boolean refuse) {
    refusing = refuse;
    if (refuse) {
      cut();
    }
  }

  /** Has what is read from now on wait so long before it goes on. */
  void delay(Duration length) {
    delay = length;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        if (refusing) {
          reset(client);
        } else {
          Thread.ofVirtual().start(() -> connect(client));
        }
      } catch (IOException e) {
        LOG.debug("the proxy ended port={} reason=\"{}\"", target, e.getMessage());
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    try {
      server.connect(new InetSocketAddress(LOOPBACK, target), CONNECT_MILLIS);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
    } catch (IOException e) {
      LOG.debug("nobody listens port={} reason=\"{}\"", target, e.getMessage());
      reset(client);
      return;
    }
    open.add(client);
    open.add(server);
    Thread.ofVirtual().start(() -> pump(client, server));
    Thread.ofVirtual().start(() -> pump(server, client));
    if (refusing) {
      cut();
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        Duration wait = delay;
        if (wait.isPositive()) {
          Pause.of(wait);
        }
        out.write(buffer, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      reset(from);
      reset(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(from);
      if (!open.contains(to)) {
        close(from);
        close(to);
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("a connection was closed already reason=\"{}\"", e.getMessage());
    }
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      LOG.debug("a connection was closed already reason=\"{}\"", e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the fault proxy of port " + target + " does not close", e);
    }
    cut();
  }
}
