package dev.kvasir.app.chaos;

import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.app.pipeline.Ports;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The processes, and the fault proxies between them: each stage reaches Kafka through a door of its
 * own, and the producer the simulator. Owned by the thread that makes chaos.
 */
final class Arena implements AutoCloseable {

  private static final String PROFILE = "hbm-prefix";
  private static final List<Part> CLIENTS = List.of(Part.PRODUCER, Part.STREAMS, Part.SINK);
  private static final int NODE = 1;

  private final Path folder;
  private final Map<Part, PartProcess> processes = new EnumMap<>(Part.class);
  private final Map<Part, FaultProxy> proxies = new EnumMap<>(Part.class);
  private final Map<Part, Integer> kafkaPorts = new EnumMap<>(Part.class);
  private final int innerPort;
  private final int simulatorPort;
  private final int sinkMetricsPort;

  private Arena(Path folder, ChaosLoad load, Ticker ticker) {
    this.folder = folder;
    List<Integer> ports = Ports.free(CLIENTS.size() + 4);
    innerPort = ports.get(0);
    int controllerPort = ports.get(1);
    simulatorPort = ports.get(2);
    sinkMetricsPort = ports.get(3);
    for (int i = 0; i < CLIENTS.size(); i++) {
      Part client = CLIENTS.get(i);
      kafkaPorts.put(client, ports.get(4 + i));
      proxies.put(client, FaultProxy.open(0, ports.get(4 + i)));
    }
    proxies.put(Part.SIMULATOR, FaultProxy.open(0, simulatorPort));
    Path plan = load.write(folder, "chaos", 1_000);
    add(Part.BROKER, ticker, life -> broker(controllerPort));
    add(Part.SIMULATOR, ticker, this::simulator);
    add(Part.PRODUCER, ticker, life -> producer(plan));
    add(Part.STREAMS, ticker, life -> stage(Part.STREAMS, "stream"));
    add(
        Part.SINK,
        ticker,
        life -> stage(Part.SINK, "sink", "--metrics-port", Integer.toString(sinkMetricsPort)));
  }

  /**
   * Makes ready what lies in a folder; nothing is started yet.
   *
   * @param folder a new one, for everything that the processes keep and say
   */
  static Arena in(Path folder, ChaosLoad load, Ticker ticker) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be made", e);
    }
    return new Arena(folder, load, ticker);
  }

  private void add(Part part, Ticker ticker, IntFunction<List<String>> arguments) {
    processes.put(part, new PartProcess(part, folder, arguments, ticker));
  }

  private List<String> broker(int controllerPort) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "broker",
                "--node",
                Integer.toString(NODE),
                "--controller-port",
                Integer.toString(controllerPort),
                "--listener",
                "INNER=" + innerPort));
    kafkaPorts.forEach((client, port) ->
        words.addAll(
            List.of(
                "--listener", "%s=%d:%d".formatted(client.name(), port, proxy(client).port()))));
    return words;
  }

  private List<String> simulator(int life) {
    return List.of(
        "simulate",
        "--profile",
        PROFILE,
        "--port",
        Integer.toString(simulatorPort),
        "--model",
        ChaosLoad.MODEL,
        "--emissions",
        emissions().resolve(Integer.toString(life)).toString());
  }

  /** The words that execute a plan. */
  private List<String> producer(Path plan) {
    return stage(
        Part.PRODUCER,
        "produce",
        plan.toString(),
        "--resume",
        "--server",
        "%s=http://127.0.0.1:%d/v1/completions"
            .formatted(ChaosLoad.STRATEGY, proxy(Part.SIMULATOR).port()));
  }

  private List<String> stage(Part part, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of(
            "--bootstrap-servers",
            "127.0.0.1:" + proxy(part).port(),
            "--schema-registry",
            LogAddress.EMBEDDED));
    return all;
  }

  /** One more producer, on the same home, that executes a plan and ends. */
  PartProcess producerOf(Path plan, Ticker ticker) {
    return new PartProcess(Part.PRODUCER, folder, life -> producer(plan), ticker);
  }

  PartProcess process(Part part) {
    return Objects.requireNonNull(processes.get(part));
  }

  FaultProxy proxy(Part part) {
    return Objects.requireNonNull(proxies.get(part));
  }

  /** The doors through which a process is reached, or reaches others. */
  List<FaultProxy> doors(Part part) {
    return part == Part.BROKER ? CLIENTS.stream().map(this::proxy).toList() : List.of(proxy(part));
  }

  /** The log, without a proxy before it. */
  LogAddress log() {
    return new LogAddress("127.0.0.1:" + innerPort, LogAddress.EMBEDDED);
  }

  int simulatorPort() {
    return simulatorPort;
  }

  int sinkMetricsPort() {
    return sinkMetricsPort;
  }

  /** Where the simulator's lives write what they emitted, a folder for each. */
  Path emissions() {
    return folder.resolve("emissions");
  }

  Path folder() {
    return folder;
  }

  /** Starts again whatever ended by itself. */
  void tend() {
    processes.values().forEach(PartProcess::tend);
  }

  /** Kills what is left. */
  @Override
  public void close() {
    try {
      for (PartProcess each : processes.values()) {
        each.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    proxies.values().forEach(FaultProxy::close);
  }
}
