package dev.kvasir.producer.client;

import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.producer.sampling.SideRequests;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose certificates are believed. */
class TrustTest {

  private static final Duration PATIENT = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"ca", "insecure"})
  void aServerThatIsTrustedIsMeasured(String how) throws Exception {
    TlsServers tls = TlsServers.make(folder);
    Trust trust = how.equals("ca") ? new Trust(tls.ca(), false) : new Trust(null, true);
    try (ScriptedServer server =
            ScriptedServer.start(tls.sockets(), (request, out) -> write(out, good(3)));
        LoadClient client = LoadClient.open(Ticker.system())) {
      Endpoint endpoint =
          Endpoint.parse(server.url().replace("http:", "https:"), "/").trusting(trust);
      DrivenPhase phase = DrivenPhase.start(client, endpoint, 4, new Pace.Closed(1), PATIENT);
      phase.await();

      assertThat(phase.finished(Outcome.OK)).hasSize(4);
      assertThat(phase.tokens()).allMatch(token -> token.getReadBatch() > 0);
      assertThat(server.connections()).as("connections are kept").isEqualTo(1);
      try (SideRequests side = SideRequests.to(endpoint, Map.of())) {
        assertThat(side.send("GET", side.on("/x"), PATIENT).isOk()).isTrue();
      }
    }
  }

  @Test
  void aServerWhoseCertificateNobodyVouchesForIsNotTalkedTo() throws Exception {
    TlsServers tls = TlsServers.make(folder);
    try (ScriptedServer server =
            ScriptedServer.start(tls.sockets(), (request, out) -> write(out, good(3)));
        LoadClient client = LoadClient.open(Ticker.system())) {
      Endpoint endpoint = Endpoint.parse(server.url().replace("http:", "https:"), "/");
      DrivenPhase phase = DrivenPhase.start(client, endpoint, 1, new Pace.Closed(1), PATIENT);
      phase.await();

      assertThat(phase.only().getOutcome()).isEqualTo(Outcome.CONNECTION_FAILED);
      assertThat(server.requests()).isEmpty();
      try (SideRequests side = SideRequests.to(endpoint, Map.of())) {
        org.assertj.core.api.Assertions.assertThatThrownBy(
                () -> side.send("GET", side.on("/x"), PATIENT))
            .isInstanceOf(IOException.class);
      }
    }
  }
}
