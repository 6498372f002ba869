package dev.kvasir.producer.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kvasir.producer.client.Answers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program under the name of an engine: it writes down its arguments and its environment, and
 * serves health and completions on the port that its arguments name. With {@code --dies-after N} it
 * dies at the completion after N.
 */
public final class FakeEngine {

  private static final String RECORD = "FAKE_RECORD";
  private static final int TOKENS = 4;
  private static final String DIES_AFTER = "--dies-after";

  /** Completions that are still answered; the server's one thread owns it. */
  private static int lives = Integer.MAX_VALUE;

  private FakeEngine() {}

  /**
   * What one process was started with.
   *
   * @param program name under which it was called
   * @param arguments its arguments
   * @param environment its environment
   */
  public record Call(String program, List<String> arguments, Map<String, String> environment) {

    public int port() {
      return portOf(arguments);
    }

    /** The value behind a flag. */
    public String flag(String name) {
      return arguments.get(arguments.indexOf(name) + 1);
    }
  }

  /** Makes programs of these names in a folder, to be put before the others in {@code PATH}. */
  public static void install(Path folder, String... names) throws IOException {
    Files.createDirectories(folder);
    for (String name : names) {
      Path program = folder.resolve(name);
      Files.writeString(
          program,
          """
          #!/bin/sh
          exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx32m -cp '%s' %s %s "$@"
          """
              .formatted(
                  Path.of(System.getProperty("java.home"), "bin", "java"),
                  System.getProperty("java.class.path"),
                  FakeEngine.class.getName(),
                  name));
      if (!program.toFile().setExecutable(true)) {
        throw new IOException(program + " cannot be made executable");
      }
    }
  }

  /** The environment that lets a server find the programs and write down its start. */
  public static Map<String, String> environment(Path programs, Path record) {
    return Map.of(
        "PATH", programs + ":" + System.getenv("PATH"), RECORD, record.toAbsolutePath().toString());
  }

  /** Every start that was written down, by port. */
  public static List<Call> calls(Path record) throws IOException {
    List<Call> calls = new ArrayList<>();
    try (Stream<Path> files = Files.list(record)) {
      for (Path file : files.toList()) {
        Properties written = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
          written.load(reader);
        }
        Map<String, String> environment = new TreeMap<>();
        List<String> arguments = new ArrayList<>();
        for (int i = 0; written.containsKey("arg." + i); i++) {
          arguments.add(written.getProperty("arg." + i));
        }
        written.stringPropertyNames().stream()
            .filter(name -> name.startsWith("env."))
            .forEach(name -> environment.put(name.substring(4), written.getProperty(name)));
        calls.add(new Call(written.getProperty("program"), arguments, environment));
      }
    }
    calls.sort(java.util.Comparator.comparingInt(Call::port));
    return calls;
  }

  public static void main(String[] arguments) throws IOException {
    List<String> own = List.of(arguments).subList(1, arguments.length);
    int port = portOf(own);
    write(arguments[0], own, port);
    if (own.contains(DIES_AFTER)) {
      lives = Integer.parseInt(own.get(own.indexOf(DIES_AFTER) + 1));
    }
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.createContext("/", FakeEngine::answer);
    server.start();
    System.out.println(arguments[0] + " listens on " + port);
  }

  private static int portOf(List<String> arguments) {
    int at = arguments.indexOf("--port");
    return at < 0 ? Integer.parseInt(arguments.getLast()) : Integer.parseInt(arguments.get(at + 1));
  }

  private static void write(String program, List<String> arguments, int port) throws IOException {
    Properties call = new Properties();
    call.setProperty("program", program);
    for (int i = 0; i < arguments.size(); i++) {
      call.setProperty("arg." + i, arguments.get(i));
    }
    System.getenv().forEach((name, value) -> call.setProperty("env." + name, value));
    String pid = Long.toString(ProcessHandle.current().pid());
    Path file = Path.of(System.getenv(RECORD), port + "-" + pid + ".properties");
    try (var writer = Files.newBufferedWriter(file)) {
      call.store(writer, null);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    boolean health = exchange.getRequestURI().getPath().startsWith("/health");
    boolean completes = exchange.getRequestURI().getPath().endsWith("completions");
    exchange.getRequestBody().readAllBytes();
    if (completes && lives-- <= 0) {
      System.out.println("CUDA error: an illegal memory access was encountered");
      Runtime.getRuntime().halt(9);
    }
    String body =
        completes
            ? Stream.iterate(0, i -> i + 1)
                    .limit(TOKENS)
                    .map(i -> Answers.token("t" + i))
                    .collect(Collectors.joining())
                + Answers.ending(TOKENS)
            : "ok\n";
    exchange
        .getResponseHeaders()
        .set("content-type", completes ? "text/event-stream" : "text/plain");
    exchange.sendResponseHeaders(health || completes ? 200 : 404, 0);
    exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }
}
