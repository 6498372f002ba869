package dev.kvasir.sink.archive;

/**
 * The records of one partition that an archive holds.
 *
 * @param topicId the id that Kafka gave the topic
 * @param topic the topic
 * @param partition partition, from 0
 * @param from the first offset
 * @param through the offset after the last
 */
public record ArchivedRange(String topicId, String topic, int partition, long from, long through) {

  ArchivedRange through(long end) {
    return new ArchivedRange(topicId, topic, partition, from, end);
  }
}
