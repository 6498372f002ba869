package dev.kvasir.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientAccessTest {

  private static final String TEXT =
      """
      # as Kafka's own tools take it
      bootstrap.servers = k1:9093, k2:9093
      security.protocol = SASL_SSL
      sasl.mechanism = PLAIN
      sasl.jaas.config = PlainLoginModule required username="u" password="hidden-word";
      ssl.truststore.location = /etc/ca.pem
      schema.registry.url = https://r:8081
      basic.auth.credentials.source = USER_INFO
      basic.auth.user.info = u:hidden-word
      schema.registry.ssl.truststore.location = /etc/ca.pem
      """;

  private final ClientAccess access = ClientAccess.parse("client.properties", TEXT);

  @Test
  void aClientOfTheNamedClusterIsLetIn() {
    Map<String, Object> settings = access.kafka("k2:9093,k1:9093", Map.of("client.id", "me"));

    assertThat(settings)
        .containsEntry("bootstrap.servers", "k2:9093,k1:9093")
        .containsEntry("client.id", "me")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("ssl.truststore.location", "/etc/ca.pem")
        .containsKey("sasl.jaas.config")
        .doesNotContainKeys("basic.auth.user.info", "schema.registry.url");
  }

  @Test
  void anotherClusterAndAnotherRegistryLearnNothing() {
    assertThat(access.kafka("127.0.0.1:9092", Map.of()))
        .isEqualTo(Map.of("bootstrap.servers", "127.0.0.1:9092"));
    assertThat(access.registry("http://elsewhere:8081")).isEmpty();
    assertThat(access.isFor("k1:9093")).isFalse();
  }

  @Test
  void theNamedRegistryGetsItsOwnAndNothingOfKafkas() {
    assertThat(access.registry("https://r:8081"))
        .containsOnlyKeys(
            "basic.auth.credentials.source",
            "basic.auth.user.info",
            "schema.registry.ssl.truststore.location");
  }

  @Test
  void whatWouldChangeMoreThanAccessIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientAccess.parse("c.properties", TEXT + "acks = 0\nbatch.size=1\n"))
        .withMessageContaining("c.properties")
        .withMessageContaining("acks, batch.size")
        .withMessageContaining("sasl.*");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientAccess.parse("c.properties", "security.protocol=SSL"))
        .withMessageContaining("bootstrap.servers is missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientAccess.read(Path.of("no", "such.properties")))
        .withMessageContaining("KVASIR_CLIENT_CONFIG");
  }

  @Test
  void noTextOfItShowsASecret() {
    assertThat(access.toString()).doesNotContain("hidden-word");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientAccess.parse("c", TEXT + "acks = hidden-word"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hidden-word"));
  }
}
