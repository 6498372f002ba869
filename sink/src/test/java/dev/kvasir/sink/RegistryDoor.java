package dev.kvasir.sink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kvasir.topic.Registry;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaString;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Confluent's in-process registry, asked over HTTP, that can be away. */
final class RegistryDoor implements AutoCloseable {

  private static final String BY_ID = "/schemas/ids/";

  private final HttpServer server;
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean away = true;

  private RegistryDoor(HttpServer server) {
    this.server = server;
  }

  /** Opens a door behind which nobody answers yet. */
  static RegistryDoor away() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    RegistryDoor door = new RegistryDoor(server);
    server.createContext(BY_ID, door::answer);
    server.start();
    return door;
  }

  Registry registry() {
    return Registry.at(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  /** How often it was asked in vain. */
  int refused() {
    return refused.get();
  }

  void comeBack() {
    away = false;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (away) {
        refused.incrementAndGet();
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      String path = exchange.getRequestURI().getPath();
      byte[] body = schema(Integer.parseInt(path.substring(BY_ID.length())));
      exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] schema(int id) throws IOException {
    try {
      String text =
          MockSchemaRegistry.getClientForScope("kvasir").getSchemaById(id).canonicalString();
      return new SchemaString(text).toJson().getBytes(StandardCharsets.UTF_8);
    } catch (RestClientException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
