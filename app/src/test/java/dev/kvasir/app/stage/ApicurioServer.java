package dev.kvasir.app.stage;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

/** A real schema registry server: Apicurio behind Confluent's API, in a process of its own. */
final class ApicurioServer implements AutoCloseable {

  private static final Path DISTRIBUTION = Path.of("target", "apicurio");

  private final Process process;
  private final URI address;

  private ApicurioServer(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Starts the server on a free port, its data in a folder, and waits until it answers. */
  static ApicurioServer start(Path folder) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=0",
                "-Dapicurio.datasource.url=jdbc:h2:file:" + folder.resolve("registry"),
                "-jar",
                DISTRIBUTION.resolve("quarkus-run.jar").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    var server =
        new ApicurioServer(process, URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7"));
    await().atMost(Duration.ofSeconds(90)).ignoreExceptions().until(server::answers);
    return server;
  }

  /** Where Confluent's API is served. */
  URI address() {
    return address;
  }

  String get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  private boolean answers() throws IOException, InterruptedException {
    return get("/subjects").startsWith("[");
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
