package dev.kvasir.producer.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SocketBacklogTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void bytesThatNobodyReadsAreSeen() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      SocketBacklog backlog = new SocketBacklog(server.getLocalPort());
      Map<String, Double> samples = new HashMap<>();
      backlog.read(samples::put);
      assertThat(samples).containsEntry("socket_backlog_bytes", 0.0);

      OutputStream out = accepted.getOutputStream();
      out.write(new byte[1234]);
      out.flush();

      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> {
            backlog.read(samples::put);
            assertThat(samples)
                .containsEntry("socket_backlog_bytes", 1234.0)
                .containsEntry("socket_backlog_max_bytes", 1234.0);
          });
      assertThat(client.getInputStream().readNBytes(1234)).hasSize(1234);
    }
  }

  @Test
  void socketsThatLeadElsewhereOrListenDoNotCount() {
    String line =
        "  1: 0100007F:A1B2 0100007F:%s %s 00000000:00000010 00:00000000 00000000 0 0 77 1";

    assertThat(SocketBacklog.waiting(line.formatted("1F90", "01"), "1F90")).isEqualTo(16);
    assertThat(SocketBacklog.waiting(line.formatted("1F91", "01"), "1F90")).isZero();
    assertThat(SocketBacklog.waiting(line.formatted("1F90", "0A"), "1F90")).isZero();
    assertThat(SocketBacklog.waiting("  sl  local_address rem_address", "1F90")).isZero();
  }
}
