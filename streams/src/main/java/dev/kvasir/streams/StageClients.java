package dev.kvasir.streams;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's clients, with transactional ids that outlive the process. Streams makes a new id in every
 * process whose stores are all in memory; the transaction that a killed process left open would
 * then hold up its successor until the broker's timeout, where the same id aborts it at once.
 */
final class StageClients implements KafkaClientSupplier {

  private final String applicationId;
  private final String instance;

  /**
   * Clients of one instance.
   *
   * @param instance an id that the instance keeps and no other instance has
   */
  StageClients(String applicationId, String instance) {
    this.applicationId = applicationId;
    this.instance = instance;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    Map<String, Object> changed = new HashMap<>(config);
    changed.computeIfPresent(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG, (key, id) -> transactionalId(id.toString()));
    return new KafkaProducer<>(changed, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Keeps the thread's number, which is what Streams' own id ends with. */
  private String transactionalId(String id) {
    return applicationId + "-" + instance + id.substring(id.lastIndexOf('-'));
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return getConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return getConsumer(config);
  }
}
