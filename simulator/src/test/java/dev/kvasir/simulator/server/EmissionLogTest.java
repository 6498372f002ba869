package dev.kvasir.simulator.server;

import static dev.kvasir.simulator.server.Client.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmissionLogTest {
  @TempDir Path folder;

  @Test
  void theLogHasExactlyTheTokensThatTheClientsGot() throws Exception {
    Map<String, Integer> received = new HashMap<>();
    long before = epochNanos();
    try (SimulatedServers servers = startTwo();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Map.Entry<String, Integer>>> answers =
          threads.invokeAll(
              IntStream.range(0, 40)
                  .<Callable<Map.Entry<String, Integer>>>mapToObj(
                      i -> () -> call(servers.ports().get(i % 2), "request " + i, 1 + i))
                  .toList());
      for (Future<Map.Entry<String, Integer>> answer : answers) {
        received.put(answer.get().getKey(), answer.get().getValue());
      }
    }
    long after = epochNanos();

    Map<String, Integer> logged = new HashMap<>();
    for (String[] row : rows("emissions.csv")) {
      assertThat(row[0]).isEqualTo(Integer.parseInt(row[1].substring(8)) % 2 == 0 ? "one" : "two");
      assertThat(Integer.parseInt(row[2])).isEqualTo(logged.getOrDefault(row[1], 0));
      logged.merge(row[1], Integer.parseInt(row[3]), Integer::sum);
      long intended = Long.parseLong(row[4]);
      long emitted = Long.parseLong(row[5]);
      assertThat(emitted).isGreaterThanOrEqualTo(intended).isBetween(before, after);
    }
    assertThat(logged).isEqualTo(received).hasSize(40);

    List<String[]> requests = rows("requests.csv");
    assertThat(requests).hasSize(40);
    for (String[] row : requests) {
      assertThat(Long.parseLong(row[2])).isBetween(before, after);
      assertThat(Long.parseLong(row[3])).isGreaterThanOrEqualTo(Long.parseLong(row[2]));
      assertThat(row[5]).isEqualTo("25");
      assertThat(Integer.parseInt(row[7])).isEqualTo(received.get(row[1]));
      assertThat(row[8]).isEqualTo("length");
    }
  }

  @Test
  void aRequestThatWasRefusedOrBrokenOffHasARowThatSaysSo() throws Exception {
    try (SimulatedServers servers = startTwo();
        Client client = new Client(servers.ports().getFirst())) {
      client.post("/v1/completions", "{}", "x-request-id", "refused, \"really\"");
      assertThatThrownBy(() ->
              client.receive(
                  "/v1/completions",
                  "{\"prompt\": \"a\", \"max_tokens\": 9, \"ignore_eos\": true, \"stream\": true}",
                  new ByteArrayOutputStream(),
                  "x-request-id",
                  "broken",
                  "x-kvasir-fault",
                  "reset-after=2"))
          .isInstanceOf(IOException.class);
    }

    assertThat(Files.readAllLines(folder.resolve("requests.csv")))
        .anyMatch(line -> line.matches("one,\"refused, \"\"really\"\"\",\\d+,,\\d+,,,0,http-400,"))
        .anyMatch(line -> line.matches("one,broken,\\d+,\\d+,\\d+,1,0,2,abort,"));
    assertThat(rows("emissions.csv")).hasSize(2);
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> new EmissionLog(file, EpochClock.anchored()))
        .hasMessageStartingWith("the emission log cannot be written to " + file);
  }

  private SimulatedServers startTwo() {
    return SimulatedServers.start(
        List.of(
            new SimulatedServers.Server("one", WithOneServer.quick(true), 0, "m"),
            new SimulatedServers.Server("two", WithOneServer.quick(false), 0, "m")),
        new SimulatedServers.Options("127.0.0.1", folder, 1));
  }

  private static Map.Entry<String, Integer> call(int port, String id, int tokens) throws Exception {
    try (Client client = new Client(port)) {
      String body =
          "{\"prompt\": \"%s\", \"max_tokens\": %d, \"ignore_eos\": true, \"stream\": true}"
              .formatted("abcd".concat(" abcd".repeat(24)), tokens);
      List<String> events = events(client.post("/v1/completions", body, "x-request-id", id).body());
      return Map.entry(id, events.size() - 1);
    }
  }

  private List<String[]> rows(String file) throws Exception {
    return Files.readAllLines(folder.resolve(file)).stream()
        .skip(1)
        .map(line -> line.split(",", -1))
        .toList();
  }

  private static long epochNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
