package dev.kvasir.producer.server;

import dev.kvasir.producer.launch.LaunchedProcess.Probe;
import dev.kvasir.producer.launch.Secrets;
import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits until servers answer. One thread uses it. */
final class Readiness implements AutoCloseable {

  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final Ticker ticker;
  private final BooleanSupplier stopping;
  private @Nullable HttpClient http;

  Readiness(Ticker ticker, BooleanSupplier stopping) {
    this.ticker = ticker;
    this.stopping = stopping;
  }

  /**
   * Waits until a server is ready.
   *
   * @param started every server that must not end meanwhile
   * @return why there is no waiting on; empty when it is ready
   */
  Optional<Failure> await(ServerProcess server, List<ServerProcess> started)
      throws InterruptedException {
    return await(server, server.launched().probe(), started);
  }

  /** Waits until something accepts connections where requests will go. */
  Optional<Failure> awaitListener(URI url, List<ServerProcess> started)
      throws InterruptedException {
    ServerProcess last = started.getLast();
    Probe probe = last.launched().probe();
    int usual = "https".equals(url.getScheme()) ? 443 : 80;
    int port = url.getPort() < 0 ? usual : url.getPort();
    String listener = "tcp://%s:%d".formatted(url.getHost(), port);
    return await(last, new Probe(listener, probe.status(), probe.within()), started);
  }

  private Optional<Failure> await(ServerProcess server, Probe probe, List<ServerProcess> started)
      throws InterruptedException {
    long deadline = ticker.nanos() + probe.within().toNanos();
    String last = "nothing answered";
    while (!stopping.getAsBoolean()) {
      Optional<Failure> ended = ended(started);
      if (ended.isPresent()) {
        return ended;
      }
      last = probe.url() == null ? "" : missing(probe.url(), probe.status());
      if (last.isEmpty()) {
        return Optional.empty();
      }
      Optional<String> outOfMemory = server.log().outOfMemory();
      if (outOfMemory.isPresent()) {
        return Optional.of(new Failure(server, "ran out of memory: " + outOfMemory.get()));
      }
      if (ticker.nanos() > deadline) {
        return Optional.of(
            new Failure(
                server,
                "was not ready after %d s: %s: %s"
                    .formatted(
                        probe.within().toSeconds(),
                        Secrets.removedFromAddress(String.valueOf(probe.url())),
                        last)));
      }
      Pause.of(BETWEEN);
    }
    return Optional.of(new Failure(server, "was being started when the plan was stopped"));
  }

  /**
   * Why servers are not up.
   *
   * @param server the one to blame
   * @param what what it did, to follow its name
   */
  record Failure(ServerProcess server, String what) {

    /** One sentence each: what happened, and the end of the log. */
    List<String> reasons() {
      String happened = server.launched().name() + " " + what;
      List<String> tail = server.log().tail();
      return tail.isEmpty()
          ? List.of(happened, "it wrote nothing to " + server.log().file())
          : List.of(
              happened,
              "its log, %s, ends: %s".formatted(server.log().file(), String.join(" | ", tail)));
    }
  }

  private static Optional<Failure> ended(List<ServerProcess> started) {
    return started.stream()
        .filter(each -> !each.isAlive())
        .findFirst()
        .map(each ->
            new Failure(
                each,
                each.log()
                    .outOfMemory()
                    .map(line -> "%s, out of memory: %s".formatted(each.end(), line))
                    .orElseGet(() -> each.end() + " before all servers were ready")));
  }

  /** What keeps an address from being right; empty when nothing does. */
  private String missing(String url, int status) throws InterruptedException {
    if (url.startsWith("tcp:")) {
      return missingListener(URI.create(url));
    }
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER).build();
    try {
      int answered = http().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return answered == status ? "" : "it answers %d and not %d".formatted(answered, status);
    } catch (IOException e) {
      return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
  }

  private static String missingListener(URI url) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), (int) ANSWER.toMillis());
      return "";
    } catch (IOException e) {
      return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
  }

  @Override
  public void close() {
    if (http != null) {
      http.close();
    }
  }

  /** Made for the first server that is asked over HTTP: it takes a tenth of a second. */
  private HttpClient http() {
    if (http == null) {
      http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(Duration.ofSeconds(2))
              .build();
    }
    return http;
  }
}
