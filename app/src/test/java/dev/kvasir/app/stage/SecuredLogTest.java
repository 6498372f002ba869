package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.app.http.OwnCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kafka over TLS and SASL and a registry over TLS with a password, both real. */
@Tag("long")
class SecuredLogTest {

  private static final long SEED = 7;
  private static final String USER = "kvasir";
  private static final String PASSWORD = random();
  private static final int REQUESTS = 12;

  @TempDir private static Path folder;
  private static OwnCertificate certificate;
  private static ApicurioServer server;
  private static GuardedRegistry registry;
  private static StageProcess kafka;

  @BeforeAll
  static void start() throws Exception {
    certificate = OwnCertificate.make(folder);
    kafka =
        StageProcess.java(
            folder,
            "broker",
            SecureBrokerProcess.class.getName(),
            List.of(
                folder.resolve("kafka").toString(),
                certificate.store().toString(),
                OwnCertificate.PASSWORD,
                USER,
                PASSWORD));
    server = ApicurioServer.start(folder);
    registry = GuardedRegistry.before(server.address(), certificate, USER, PASSWORD);
    kafka.awaitSaying("Kafka: ");
  }

  @AfterAll
  static void stop() {
    registry.close();
    server.close();
    kafka.close();
  }

  @Test
  void aWholeRunGoesOverThemAndNoFileHoldsThePassword() throws Exception {
    Path plan = Plans.write(folder, "secured", REQUESTS, 20, "recompute");
    Path home = folder.resolve("home");
    try (StageProcess run =
        StageProcess.on(
            home, folder, "run", access(PASSWORD, PASSWORD), command("run", plan.toString()))) {
      assertThat(run.exitStatus()).as(run.said()).isIn(0, 4);
      assertThat(run.said()).contains("in the simulators' record: equal").doesNotContain(PASSWORD);
    }
    try (StageProcess sql =
        StageProcess.on(home, folder, "sql", "sql", "SELECT count(*) AS n FROM requests")) {
      assertThat(sql.exitStatus()).as(sql.said()).isZero();
      assertThat(sql.said()).contains(Integer.toString(REQUESTS + Plans.WARM_UP));
    }
    assertThat(server.get("/subjects")).contains("kvasir.tokens-dev.kvasir.event");
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(PASSWORD);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false, Authentication failed", "false, true, does not let this client in"})
  void aWrongPasswordIsSaidAndNotShown(boolean registryKnows, boolean kafkaKnows, String said)
      throws Exception {
    Map<String, String> access =
        access(kafkaKnows ? PASSWORD : PASSWORD + "x", registryKnows ? PASSWORD : PASSWORD + "x");
    Path home = folder.resolve("wrong-" + kafkaKnows);
    try (StageProcess sink =
        StageProcess.on(home, folder, "wrong-" + kafkaKnows, access, command("sink"))) {
      assertThat(sink.exitStatus()).as(sink.said()).isEqualTo(1);
      assertThat(sink.said()).contains(said).doesNotContain(PASSWORD);
    }
  }

  @Test
  void secretsForAClusterOfAnotherNameStopTheCommand() throws Exception {
    try (StageProcess sink =
        StageProcess.on(
            folder.resolve("other"),
            folder,
            "other",
            access(PASSWORD, PASSWORD),
            "sink",
            "--bootstrap-servers=elsewhere:9092",
            "--schema-registry=embedded")) {
      assertThat(sink.exitStatus()).as(sink.said()).isEqualTo(2);
      assertThat(sink.said()).contains("KVASIR_CLIENT_CONFIG").contains("elsewhere:9092");
    }
  }

  private static String[] command(String... words) {
    return Stream.concat(
            Stream.of(words),
            Stream.of(
                "--bootstrap-servers=" + kafka.awaitSaying("Kafka: (\\S+)").group(1),
                "--schema-registry=" + registry.address(),
                words[0].equals("run") ? "--page-port=0" : "--partitions=2"))
        .toArray(String[]::new);
  }

  /** The file of the example with this test's addresses, in the environment of a process. */
  private static Map<String, String> access(String kafkaPassword, String registryPassword)
      throws IOException {
    String example =
        Files.readString(Path.of("..", "examples", "kafka-tls-sasl.properties"))
            .replace("kafka.example.org:9093", kafka.awaitSaying("Kafka: (\\S+)").group(1))
            .replace("https://registry.example.org", registry.address())
            .replace("/etc/kvasir/ca.pem", certificate.certificate().toString())
            .replace("SCRAM-SHA-512", "PLAIN")
            .replace("scram.ScramLoginModule", "plain.PlainLoginModule")
            .replace("kvasir:PASSWORD", "kvasir:" + registryPassword)
            .replace("PASSWORD", kafkaPassword);
    Path file = Files.createTempFile(folder, "client", ".properties");
    return Map.of("KVASIR_CLIENT_CONFIG", Files.writeString(file, example).toString());
  }

  private static String random() {
    byte[] bytes = new byte[16];
    new SplittableRandom(SEED).nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
