package dev.kvasir.producer.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server over real sockets that answers each request with exactly the bytes of its script. */
public final class ScriptedServer implements AutoCloseable {

  /** Writes one answer. Closing the stream closes the connection. */
  @FunctionalInterface
  public interface Script {

    void answer(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  /**
   * A request as it came.
   *
   * @param head request line and headers
   * @param body body
   */
  public record Request(String head, String body) {

    /** The value of a header; empty when absent. */
    public String header(String name) {
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  private final ServerSocket listener;
  private final Script script;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private final AtomicInteger connections = new AtomicInteger();

  private final Thread accepting;

  private ScriptedServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
    this.accepting = Thread.ofVirtual().unstarted(this::accept);
  }

  public static ScriptedServer start(Script script) {
    return start(ServerSocketFactory.getDefault(), script);
  }

  /** The same over sockets of another kind. */
  public static ScriptedServer start(ServerSocketFactory sockets, Script script) {
    try {
      ServerSocket listener =
          sockets.createServerSocket(0, 512, InetAddress.getByName("127.0.0.1"));
      ScriptedServer server = new ScriptedServer(listener, script);
      server.accepting.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/v1/completions";
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Connections that were made so far. */
  public int connections() {
    return connections.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Request request = read(in);
      while (request != null) {
        requests.add(request);
        script.answer(request, socket.getOutputStream());
        request = read(in);
      }
    } catch (IOException e) {
      // The client went away, or the script closed the connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(socket);
    }
  }

  private static Request read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      head.append((char) b);
    }
    Request headers = new Request(head.toString(), "");
    int length = Integer.parseInt("0" + headers.header("content-length"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Request(headers.head(), body);
  }

  /** From now on connections are refused. */
  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
      accepting.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
