package dev.kvasir.producer.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Kvasir's client, publishing, beside vLLM's own, on the same loopback emitter: one processor for
 * the client, another for emitter and Kafka. Arguments: the path of vLLM's {@code
 * endpoint_request_func.py}, or {@code -} for Kvasir alone; then, each optional, the numbers of
 * streams, separated by commas, the seconds, and a Python with aiohttp, regex and tqdm. Prints a
 * Markdown table. Linux, at least two processors, nothing else running.
 */
final class SideBySide {

  private static final String CLIENT = "0";
  private static final String SERVER = "1";
  private static final String RATE = "50";
  private static final int KAFKA_PORT = 19393;
  private static final List<String> GENERATOR_JVM =
      List.of("-XX:+UseZGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");
  private static final List<String> SERVER_JVM = List.of("-XX:+UseSerialGC", "-Xmx1g");

  private SideBySide() {}

  public static void main(String[] args) throws Exception {
    if (args.length < 1) {
      System.err.println("usage: SideBySide ENDPOINT_REQUEST_FUNC|- [STREAMS [SECONDS [PYTHON]]]");
      System.exit(2);
    }
    String streams = args.length > 1 ? args[1] : "50,200,500,1000,3000";
    String seconds = args.length > 2 ? args[2] : "10";
    String python = args.length > 3 ? args[3] : "python3";
    Path kafkaFolder = Files.createTempDirectory("benchmark-kafka");
    Process emitter = start(SERVER, java(SERVER_JVM, EmitterProcess.class, RATE));
    Process kafka =
        start(
            SERVER,
            java(
                SERVER_JVM,
                BrokerProcess.class,
                kafkaFolder.toString(),
                Integer.toString(KAFKA_PORT)));
    try {
      String url = firstLine(emitter);
      String bootstrap = firstLine(kafka);
      System.out.println(StampingLag.HEAD);
      show(java(GENERATOR_JVM, StampingLag.class, url, RATE, seconds, streams, bootstrap));
      if (!args[0].equals("-")) {
        Path driver = Path.of("producer", "benchmarks", "python", "vllm_client.py");
        show(List.of(python, driver.toString(), args[0], url, RATE, seconds, streams));
      }
      System.out.println();
      show(java(GENERATOR_JVM, DispatchLag.class, url, "1000", seconds, bootstrap));
    } finally {
      emitter.destroy();
      kafka.destroy();
    }
  }

  private static List<String> java(List<String> jvm, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dlogback.configurationFile=producer/benchmarks/logback.xml"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Process start(String processor, List<String> command) throws IOException {
    return on(processor, command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void show(List<String> command) throws IOException, InterruptedException {
    on(CLIENT, command).inheritIO().start().waitFor();
  }

  private static ProcessBuilder on(String processor, List<String> command) {
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", processor));
    pinned.addAll(command);
    return new ProcessBuilder(pinned);
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    if (line == null) {
      throw new IllegalStateException("a process of the benchmark did not start");
    }
    return line;
  }
}
