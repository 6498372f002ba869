package dev.kvasir.app.stage;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.kvasir.app.http.OwnCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;

/**
 * A door before a registry server: it speaks TLS alone and lets through whoever shows a name and a
 * password.
 */
final class GuardedRegistry implements AutoCloseable {

  private static final String PATH = "/apis/ccompat/v7";

  private final HttpsServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI registry;

  private GuardedRegistry(HttpsServer server, URI registry) {
    this.server = server;
    this.registry = registry;
  }

  static GuardedRegistry before(
      URI registry, OwnCertificate certificate, String user, String password)
      throws IOException, GeneralSecurityException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.tls()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    GuardedRegistry guarded = new GuardedRegistry(server, registry);
    server
        .createContext("/", guarded::pass)
        .setAuthenticator(
            new BasicAuthenticator("registry") {
              @Override
              public boolean checkCredentials(String name, String shown) {
                return name.equals(user) && shown.equals(password);
              }
            });
    server.start();
    return guarded;
  }

  /** Where Confluent's API is served. */
  String address() {
    return "https://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), PATH);
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString().substring(PATH.length());
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(registry + path))
              .method(
                  exchange.getRequestMethod(),
                  HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (type != null) {
        request.header("Content-Type", type);
      }
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
