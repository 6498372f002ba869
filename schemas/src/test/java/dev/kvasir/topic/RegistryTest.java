package dev.kvasir.topic;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry server that registers nothing. */
class RegistryTest {

  private HttpServer server;
  private Registry registry;
  private int refusal = 409;
  private boolean known;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/subjects/", this::answerAboutSchemas);
    server.createContext(
        "/config/",
        exchange -> answer(exchange, 200, "{\"compatibilityLevel\": \"FULL_TRANSITIVE\"}"));
    server.start();
    registry = Registry.at(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aSchemaThatAnotherProcessRegisteredMeanwhileIsRegistered() {
    known = true;

    assertThatCode(registry::prepare).doesNotThrowAnyException();
  }

  @Test
  void aSchemaThatIsRefusedIsAnError() {
    assertThatThrownBy(registry::prepare)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("refused a schema");
  }

  @Test
  void aRegistryThatLetsNobodyInIsAnErrorWithItsRemedy() {
    refusal = 401;

    assertThatThrownBy(registry::prepare)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("status 401")
        .hasMessageContaining(ClientAccess.VARIABLE);
  }

  private void answerAboutSchemas(HttpExchange exchange) throws IOException {
    if (exchange.getRequestURI().getPath().endsWith("/versions")) {
      answer(exchange, refusal, "{\"error_code\": %d, \"message\": \"no\"}".formatted(refusal));
    } else if (known) {
      answer(exchange, 200, "{\"id\": 1, \"version\": 1}");
    } else {
      answer(exchange, 404, "{\"error_code\": 40403, \"message\": \"no such schema\"}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
