package dev.kvasir.app.stage;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka that speaks TLS alone and asks for a name and a password: prints its address, then stays
 * until it is stopped. Arguments: folder, key store, its password, user, the user's password.
 */
final class SecureBrokerProcess {

  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";

  private SecureBrokerProcess() {}

  public static void main(String... arguments) throws Exception {
    String folder = Path.of(arguments[0]).toAbsolutePath().toString();
    int port = freePort();
    Map<String, Object> settings = new HashMap<>(listeners(port));
    settings.put("log.dirs", folder);
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", arguments[1]);
    settings.put("ssl.keystore.password", arguments[2]);
    settings.put("ssl.key.password", arguments[2]);
    settings.put("sasl.enabled.mechanisms", "PLAIN");
    settings.put(
        "listener.name.secure.plain.sasl.jaas.config",
        "%s user_%s=\"%s\";".formatted(PLAIN, arguments[3], arguments[4]));
    single(settings);
    format(folder);
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    server.startup();
    System.out.println("Kafka: 127.0.0.1:" + port);
    new CountDownLatch(1).await();
  }

  private static Map<String, Object> listeners(int port) throws Exception {
    int inside = freePort();
    int controller = freePort();
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        1,
        "controller.quorum.voters",
        "1@127.0.0.1:" + controller,
        "controller.listener.names",
        "CONTROLLER",
        "inter.broker.listener.name",
        "INSIDE",
        "listeners",
        "SECURE://127.0.0.1:%d,INSIDE://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
            .formatted(port, inside, controller),
        "advertised.listeners",
        "SECURE://127.0.0.1:%d,INSIDE://127.0.0.1:%d".formatted(port, inside),
        "listener.security.protocol.map",
        "SECURE:SASL_SSL,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
  }

  private static void single(Map<String, Object> settings) {
    settings.put("offsets.topic.num.partitions", 1);
    settings.put("offsets.topic.replication.factor", (short) 1);
    settings.put("transaction.state.log.num.partitions", 1);
    settings.put("transaction.state.log.replication.factor", (short) 1);
    settings.put("transaction.state.log.min.isr", 1);
    settings.put("group.initial.rebalance.delay.ms", 0);
    settings.put("log.retention.ms", -1L);
  }

  private static void format(String folder) throws Exception {
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(1)
        .setClusterId(Uuid.randomUuid().toString())
        .addDirectory(folder)
        .setMetadataLogDirectory(folder)
        .setControllerListenerName("CONTROLLER")
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
        .run();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
