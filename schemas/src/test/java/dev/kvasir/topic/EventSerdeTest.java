package dev.kvasir.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.RunLabelled;
import dev.kvasir.event.TokenReceived;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSerdeTest {

  private static final TokenReceived TOKEN =
      new TokenReceived(7L, 3, 1, 1_700_000_000_000_000_000L, 1, 20_000_000L, null, null, 4, 1);

  @Test
  void anEventSurvivesTheRoundTripUnderItsPermanentId() {
    try (var serializer = new EventSerializer(Registry.embedded());
        var deserializer = new EventDeserializer(Registry.embedded())) {
      byte[] bytes = serializer.serialize(Topic.TOKENS.topicName(), TOKEN);

      assertThat(deserializer.deserialize(Topic.TOKENS.topicName(), bytes)).isEqualTo(TOKEN);
      assertThat(ByteBuffer.wrap(bytes).get(0)).isZero();
      assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(frozenId("TokenReceived"));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyTokenIsReadAsConfluentReadsIt(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (var serializer = new EventSerializer(Registry.embedded());
        var deserializer = new EventDeserializer(Registry.embedded());
        var confluent = new KafkaAvroDeserializer()) {
      confluent.configure(Registry.embedded().serdeConfig(), false);
      String topic = Topic.TOKENS.topicName();
      for (int i = 0; i < 2_000; i++) {
        TokenReceived token = draw(random);
        byte[] bytes = serializer.serialize(topic, token);

        assertThat(deserializer.deserialize(topic, bytes))
            .isEqualTo(token)
            .isEqualTo(confluent.deserialize(topic, bytes));
      }
    }
  }

  /** Values of every magnitude and sign, and any of the nullable ones absent. */
  private static TokenReceived draw(SplittableRandom random) {
    return new TokenReceived(
        number(random),
        (int) number(random),
        (int) number(random),
        number(random),
        random.nextBoolean() ? (Integer) (int) number(random) : null,
        random.nextBoolean() ? (Long) number(random) : null,
        random.nextBoolean() ? (Long) number(random) : null,
        random.nextBoolean() ? (Long) number(random) : null,
        (int) number(random),
        (int) number(random));
  }

  private static long number(SplittableRandom random) {
    return random.nextLong() >> random.nextInt(Long.SIZE);
  }

  @Test
  void aTokenIsLean() {
    try (var serializer = new EventSerializer(Registry.embedded())) {
      assertThat(serializer.serialize(Topic.TOKENS.topicName(), TOKEN))
          .hasSizeLessThanOrEqualTo(35);
    }
  }

  @Test
  void aLabelCanBeTakenAwayByANullValue() {
    Map<String, String> labels = new HashMap<>();
    labels.put("bandwidth", "400g");
    labels.put("arcc", null);
    RunLabelled event = new RunLabelled(7L, 1L, labels, null);

    try (var serializer = new EventSerializer(Registry.embedded());
        var deserializer = new EventDeserializer(Registry.embedded())) {
      byte[] bytes = serializer.serialize(Topic.RUNS.topicName(), event);

      assertThat(deserializer.deserialize(Topic.RUNS.topicName(), bytes)).isEqualTo(event);
    }
  }

  @Test
  void bytesThatAreNoEventAreUndecodable() {
    byte[][] junk = {{}, {1, 2, 3}, {0, 0, 0, 0, 99, 1, 2}, {0, 0, 0, 0, 1}, {104, 101, 108}};
    try (var deserializer = new EventDeserializer(Registry.embedded())) {
      for (byte[] bytes : junk) {
        assertThatThrownBy(() -> deserializer.deserialize(Topic.TOKENS.topicName(), bytes))
            .isInstanceOf(UndecodableException.class)
            .hasMessageContaining("kvasir.tokens");
      }
    }
  }

  @Test
  void whatDoesNotFitAKnownSchemaIsUndecodable() {
    try (var serializer = new EventSerializer(Registry.embedded());
        var deserializer = new EventDeserializer(Registry.embedded())) {
      String topic = Topic.TOKENS.topicName();
      byte[] whole = serializer.serialize(topic, TOKEN);
      assertThat(serializer.serialize(topic, TOKEN)).isEqualTo(whole);
      assertThat(deserializer.deserialize(topic, whole)).isEqualTo(TOKEN);
      assertThat(deserializer.deserialize(topic, whole)).isEqualTo(TOKEN);

      for (int length = 0; length < whole.length; length++) {
        byte[] part = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> deserializer.deserialize(topic, part))
            .isInstanceOf(UndecodableException.class)
            .hasMessageContaining(topic);
      }
      assertThat(deserializer.deserialize(topic, whole)).isEqualTo(TOKEN);
    }
  }

  @Test
  void anEventThatCannotBeWrittenLeavesNothingInTheNextOne() {
    AlertCleared whole = new AlertCleared(7L, 1L, "rule", "metric", 1.0);
    AlertCleared broken = new AlertCleared(7L, 1L, "a rule without a metric", null, 1.0);
    String topic = Topic.ALERTS.topicName();
    try (var serializer = new EventSerializer(Registry.embedded())) {
      byte[] bytes = serializer.serialize(topic, whole);

      assertThatThrownBy(() -> serializer.serialize(topic, broken))
          .isInstanceOf(RuntimeException.class);
      assertThat(serializer.serialize(topic, whole)).isEqualTo(bytes);
      assertThat(serializer.serialize(topic, whole)).isEqualTo(bytes);
    }
  }

  @Test
  void aRegistryThatCannotBeReachedIsNotTheRecordsFault() {
    byte[] bytes;
    try (var serializer = new EventSerializer(Registry.embedded())) {
      bytes = serializer.serialize(Topic.TOKENS.topicName(), TOKEN);
    }
    Registry nowhere = Registry.at(URI.create("http://127.0.0.1:1"));

    try (var deserializer = new EventDeserializer(nowhere)) {
      assertThatThrownBy(() -> deserializer.deserialize(Topic.TOKENS.topicName(), bytes))
          .isInstanceOf(RegistryUnavailableException.class);
    }
    try (var serializer = new EventSerializer(nowhere)) {
      assertThatThrownBy(() -> serializer.serialize(Topic.TOKENS.topicName(), TOKEN))
          .isInstanceOf(RegistryUnavailableException.class);
    }
    assertThatThrownBy(nowhere::prepare)
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("http://127.0.0.1:1");
  }

  private static int frozenId(String event) {
    return SchemaHistory.load().stream()
        .filter(frozen -> frozen.schema().getName().equals(event))
        .findFirst()
        .orElseThrow()
        .id();
  }
}
