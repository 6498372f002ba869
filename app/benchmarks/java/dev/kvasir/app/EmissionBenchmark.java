package dev.kvasir.app;

import dev.kvasir.producer.Precedence;
import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.server.SimulatedServers;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How late tokens leave when one core serves many streams: a server in a process of its own, held
 * to core 0, and a client on the others that reads and forgets. Prints the distribution of emitted
 * minus intended time of the server's own log, a first load of 10 seconds and the first and last 2
 * seconds of the second one aside.
 *
 * <p>Arguments, each optional: streams, tokens per second of each, seconds.
 */
final class EmissionBenchmark {
  private static final int WARM_UP_SECONDS = 10;

  /** The load's own beginning, when all connections come at once, and its end. */
  private static final long EDGE_NANOS = 2_000_000_000L;

  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("serve")) {
      serve(Integer.parseInt(args[1]), Double.parseDouble(args[2]), Path.of(args[3]));
      return;
    }
    int streams = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    double rate = args.length > 1 ? Double.parseDouble(args[1]) : 50;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 10;
    Path folder = Files.createTempDirectory("emissions");
    long from;
    Process server = startServer(streams, rate, folder);
    try (BufferedReader output = server.inputReader()) {
      int port = Integer.parseInt(line(output, "port "));
      load(port, streams, (int) (rate * WARM_UP_SECONDS));
      from = System.currentTimeMillis() * 1_000_000;
      load(port, streams, (int) (rate * seconds));
      server.getOutputStream().close();
      System.out.println("server CPU, s: " + line(output, "cpu "));
      server.waitFor();
    } finally {
      server.destroy();
    }
    report(folder, streams, from);
  }

  /** Prints its port, serves until its input ends, and prints the CPU time that it took. */
  private static void serve(int streams, double rate, Path folder) throws IOException {
    double step = 1e9 / rate;
    Profile profile =
        new Profile(
            "even",
            "every step takes the same",
            new Profile.Model("even", 4096),
            new Profile.Scheduler(streams, 65_536),
            new Profile.KvCache(16, 256 * streams, false),
            new Profile.Cost(step, 0, 0, 0, 0, 0),
            new Profile.Output(Math.min(15_000, 0.8 * step / streams), 100, 0.5));
    try (SimulatedServers servers =
        SimulatedServers.start(
            List.of(new SimulatedServers.Server("even", profile, 0, "even")),
            new SimulatedServers.Options("127.0.0.1", folder, 0))) {
      Precedence.measureFirst();
      System.out.println("port " + servers.ports().getFirst());
      while (System.in.read() >= 0) {
        continue;
      }
    }
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(cpu -> System.out.println("cpu " + cpu.toMillis() / 1e3));
  }

  private static String line(BufferedReader output, String prefix) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length());
      }
    }
    throw new IOException("the server ended without saying " + prefix);
  }

  private static Process startServer(int streams, double rate, Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/taskset"))) {
      command.addAll(List.of("/usr/bin/taskset", "-c", "0"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseZGC",
            "-Xms256m",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            EmissionBenchmark.class.getName(),
            "serve",
            Integer.toString(streams),
            Double.toString(rate),
            folder.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void load(int port, int streams, int tokens) throws IOException {
    String body =
        "{\"prompt\":\"0123456789\",\"max_tokens\":%d,\"ignore_eos\":true,\"stream\":true}"
            .formatted(tokens);
    byte[] request =
        "POST /v1/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(body.length(), body)
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer sink = ByteBuffer.allocateDirect(1 << 16);
    long bytes = 0;
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < streams; i++) {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.write(ByteBuffer.wrap(request));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
      }
      int open = streams;
      while (open > 0) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          sink.clear();
          int read = ((SocketChannel) key.channel()).read(sink);
          bytes += Math.max(0, read);
          if (read < 0) {
            key.channel().close();
            open--;
          }
        }
        selector.selectedKeys().clear();
      }
    }
    System.out.printf("client read %,d bytes%n", bytes);
  }

  private static void report(Path folder, int streams, long from) throws IOException {
    List<String> rows = Files.readAllLines(folder.resolve("emissions.csv"));
    long end = from;
    List<long[]> times = new ArrayList<>();
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",");
      long[] time = {Long.parseLong(cells[4]), Long.parseLong(cells[5])};
      if (time[0] >= from) {
        end = Math.max(end, time[0]);
        times.add(time);
      }
    }
    long last = end;
    long[] late =
        times.stream()
            .filter(time -> time[0] > from + EDGE_NANOS && time[0] < last - EDGE_NANOS)
            .mapToLong(time -> time[1] - time[0])
            .sorted()
            .toArray();
    System.out.printf(
        "%d streams, %.0f tokens/s; emitted - intended of %,d tokens: p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms, max %.3f ms%n",
        streams,
        late.length / ((end - from - 2 * EDGE_NANOS) / 1e9),
        late.length,
        late[late.length / 2] / 1e6,
        late[(int) (late.length * 0.99)] / 1e6,
        late[(int) (late.length * 0.999)] / 1e6,
        late[late.length - 1] / 1e6);
    System.out.println("worst second by second, ms: " + Arrays.toString(worst(times, from, end)));
  }

  private static double[] worst(List<long[]> times, long begin, long end) {
    double[] worst = new double[(int) ((end - begin) / 1_000_000_000L) + 1];
    for (long[] time : times) {
      int second = (int) ((time[0] - begin) / 1_000_000_000L);
      worst[second] = Math.max(worst[second], Math.round((time[1] - time[0]) / 1e4) / 100.0);
    }
    return worst;
  }
}
