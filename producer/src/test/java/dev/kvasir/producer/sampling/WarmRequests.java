package dev.kvasir.producer.sampling;

import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.client.ScriptedServer;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/** Requests beside the load by a client that has been answered before, on {@code /health}. */
public final class WarmRequests {

  private static final Duration PATIENT = Duration.ofMinutes(1);

  private WarmRequests() {}

  public static SideRequests to(ScriptedServer server, Map<String, String> headers) {
    SideRequests requests = SideRequests.to(Endpoint.parse(server.url(), "/"), headers);
    Awaitility.await()
        .atMost(PATIENT)
        .ignoreExceptions()
        .until(() -> requests.send("GET", requests.on("/health"), PATIENT).status() > 0);
    return requests;
  }
}
