package dev.kvasir.sink.archive;

import dev.kvasir.topic.ClientAccess;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed records as bytes, from where it is told: it keeps no offsets in Kafka. */
public final class LogConsumer {

  private LogConsumer() {}

  /**
   * A consumer of no partition yet.
   *
   * @param client its name
   * @param more settings besides these
   */
  public static KafkaConsumer<byte[], byte[]> open(
      String bootstrapServers, String client, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(
        ClientAccess.ofProcess().kafka(bootstrapServers, settings),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
