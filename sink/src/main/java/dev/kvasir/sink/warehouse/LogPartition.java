package dev.kvasir.sink.warehouse;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * One partition of one topic as it was created; a topic that is created again has another id.
 *
 * @param topicId id that Kafka gave the topic
 * @param topic name of the topic
 * @param partition partition, from 0
 */
record LogPartition(Uuid topicId, String topic, int partition) {

  TopicPartition toKafka() {
    return new TopicPartition(topic, partition);
  }
}
