package dev.kvasir.broker;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.metadata.storage.FormatterException;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** One Kafka broker that is its own controller, on the loopback address. */
public final class EmbeddedBroker implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int NODE = 1;

  private static final Map<String, Object> COMMON =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("controller.listener.names", "CONTROLLER"),
          // A broker that was killed is forgotten, and so may come back, after this time; one that
          // is alive but starved for longer is fenced, and its partitions are without a leader.
          Map.entry("broker.session.timeout.ms", 3_000),
          Map.entry("broker.heartbeat.interval.ms", 500),
          Map.entry("offsets.topic.num.partitions", 1),
          Map.entry("transaction.state.log.num.partitions", 4),
          // The transaction of a stage that died is aborted this soon after its own time-out; until
          // then whoever reads committed records waits at it.
          Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", 1_000),
          Map.entry("group.initial.rebalance.delay.ms", 0),
          Map.entry("auto.create.topics.enable", false),
          Map.entry("num.network.threads", 2),
          Map.entry("num.io.threads", 4),
          Map.entry("log.cleaner.dedupe.buffer.size", 8L << 20),
          // What leaves the log gives its room back by whole segments.
          Map.entry("log.segment.bytes", 64 << 20),
          // Events may be stamped in simulated time; nothing expires unless a topic says so.
          Map.entry("log.message.timestamp.after.max.ms", Long.MAX_VALUE),
          Map.entry("log.retention.ms", -1L));

  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts a broker on the data in a folder, which is formatted when it is new.
   *
   * @param folder where the log lies; created when absent
   * @param port port to listen on, or 0 for a free one
   * @throws IOException if the folder cannot be used or the port is taken
   */
  public static EmbeddedBroker start(Path folder, int port) throws IOException {
    int brokerPort;
    int controllerPort;
    try (ServerSocket broker = bound(port);
        ServerSocket controller = bound(0)) {
      brokerPort = broker.getLocalPort();
      controllerPort = controller.getLocalPort();
    }
    return start(
        new BrokerSettings(
            folder,
            NODE,
            null,
            List.of(new BrokerSettings.Listener("PLAINTEXT", brokerPort, brokerPort)),
            controllerPort,
            List.of(NODE + "@" + LOOPBACK + ":" + controllerPort),
            (short) 1,
            1));
  }

  /**
   * Starts a broker of a cluster; it takes requests once most of the cluster's voters are there.
   *
   * @throws IOException if the folder cannot be used or a port is taken
   */
  public static EmbeddedBroker start(BrokerSettings settings) throws IOException {
    for (BrokerSettings.Listener listener : settings.listeners()) {
      bound(listener.port()).close();
    }
    Files.createDirectories(settings.folder());
    format(settings);
    KafkaRaftServer server =
        new KafkaRaftServer(new KafkaConfig(properties(settings)), Time.SYSTEM);
    server.startup();
    return new EmbeddedBroker(server, settings.listeners().getFirst().port());
  }

  /**
   * Has somebody hear why Kafka ends this process at once, as it does when its disk fails or is
   * full.
   */
  public static void tellOfItsEnd(Consumer<String> news) {
    Exit.setHaltProcedure((status, message) -> {
      news.accept(
          "Kafka has ended this process%s: mostly its disk is full or has failed, and its log says; start again when there is room, what it had acknowledged is kept"
              .formatted(message == null ? "" : " (" + message + ")"));
      Runtime.getRuntime().halt(status);
    });
  }

  /** The address that clients connect to. */
  public String bootstrapServers() {
    return LOOPBACK + ":" + port;
  }

  /** Reports what the brokers of this process take, give and keep. */
  public void meter(MeterRegistry registry) {
    BrokerMeters.bindTo(registry);
  }

  /** Stops the broker; the data stays. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static Map<String, Object> properties(BrokerSettings settings) {
    Map<String, Object> properties = new HashMap<>(COMMON);
    properties.put("node.id", settings.node());
    properties.put("controller.quorum.voters", String.join(",", settings.voters()));
    properties.put(
        "listeners",
        each(settings, listener -> address(listener.name(), listener.port()))
            + ","
            + address("CONTROLLER", settings.controllerPort()));
    properties.put(
        "advertised.listeners",
        each(settings, listener -> address(listener.name(), listener.advertisedPort())));
    properties.put(
        "listener.security.protocol.map",
        each(settings, listener -> listener.name() + ":PLAINTEXT") + ",CONTROLLER:PLAINTEXT");
    properties.put("inter.broker.listener.name", settings.listeners().getFirst().name());
    properties.put("log.dirs", settings.folder().toAbsolutePath().toString());
    for (String topic : List.of("offsets.topic", "transaction.state.log")) {
      properties.put(topic + ".replication.factor", settings.replication());
    }
    properties.put("transaction.state.log.min.isr", settings.inSync());
    properties.put("share.coordinator.state.topic.replication.factor", settings.replication());
    properties.put("share.coordinator.state.topic.min.isr", (short) settings.inSync());
    properties.put("default.replication.factor", (int) settings.replication());
    properties.put("min.insync.replicas", settings.inSync());
    return properties;
  }

  private static String each(
      BrokerSettings settings, Function<BrokerSettings.Listener, String> text) {
    return settings.listeners().stream().map(text).collect(Collectors.joining(","));
  }

  private static String address(String listener, int port) {
    return listener + "://" + LOOPBACK + ":" + port;
  }

  private static void format(BrokerSettings settings) throws IOException {
    Path folder = settings.folder();
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    String directory = folder.toAbsolutePath().toString();
    String cluster = settings.clusterId();
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setNodeId(settings.node())
          .setClusterId(cluster == null ? Uuid.randomUuid().toString() : cluster)
          .addDirectory(directory)
          .setMetadataLogDirectory(directory)
          .setControllerListenerName("CONTROLLER")
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setIgnoreFormatted(true)
          .run();
    } catch (FormatterException e) {
      throw new IOException(
          folder
              + " cannot be formatted for Kafka: "
              + e.getMessage()
              + "; empty it or name another",
          e);
    } catch (Exception e) {
      throw new IOException(folder + " cannot be formatted for Kafka: " + e.getMessage(), e);
    }
  }

  /** Holds a port, for 0 a free one. */
  private static ServerSocket bound(int port) throws IOException {
    try {
      return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    } catch (BindException e) {
      throw new IOException(
          "port " + port + " on " + LOOPBACK + " is in use; stop what holds it or choose another",
          e);
    }
  }
}
