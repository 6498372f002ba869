package dev.kvasir.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

  private ServerSocket echo;
  private FaultProxy proxy;

  @BeforeEach
  void open() throws IOException {
    echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    proxy = FaultProxy.open(0, echo.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void bytesGoThroughBothWays() throws IOException {
    try (Socket client = connect()) {
      assertThat(exchange(client, 42)).isEqualTo(42);
      proxy.delay(Duration.ofMillis(1));
      assertThat(exchange(client, 43)).isEqualTo(43);
    }
  }

  @Test
  void aCutEndsTheConnectionsThatAreOpenAndNoLaterOnes() throws IOException {
    try (Socket client = connect()) {
      assertThat(exchange(client, 1)).isEqualTo(1);

      proxy.cut();

      assertThatThrownBy(() -> mustAnswer(client)).isInstanceOf(IOException.class);
    }
    try (Socket client = connect()) {
      assertThat(exchange(client, 2)).isEqualTo(2);
    }
  }

  @Test
  void nobodyComesInWhileItRefuses() throws IOException {
    proxy.refuse(true);
    assertThatThrownBy(
            () -> {
              try (Socket client = connect()) {
                mustAnswer(client);
              }
            })
        .isInstanceOf(IOException.class);

    proxy.refuse(false);

    try (Socket client = connect()) {
      assertThat(exchange(client, 3)).isEqualTo(3);
    }
  }

  private static void mustAnswer(Socket client) throws IOException {
    if (exchange(client, 9) < 0) {
      throw new IOException("the connection has ended");
    }
  }

  private static int exchange(Socket client, int sent) throws IOException {
    client.getOutputStream().write(sent);
    return client.getInputStream().read();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
  }

  private void serve() {
    while (!echo.isClosed()) {
      try {
        Socket client = echo.accept();
        Thread.ofVirtual().start(() -> echo(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      assertThat(client.isClosed()).isTrue();
    }
  }
}
