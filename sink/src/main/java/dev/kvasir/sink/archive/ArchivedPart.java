package dev.kvasir.sink.archive;

import org.apache.kafka.common.Uuid;

/**
 * One file of an archive: records of one run in one topic.
 *
 * @param path where it lies below the archive's folder
 * @param topic the topic
 * @param topicId the id that Kafka gave the topic
 * @param run the run's number; null for records whose key names none
 * @param records how many records it holds
 * @param sha256 of the records, in hexadecimal digits
 */
public record ArchivedPart(
    String path,
    String topic,
    String topicId,
    @org.jspecify.annotations.Nullable Long run,
    long records,
    String sha256) {

  /** A number for the file that depends on its content and its place. */
  public Uuid id() {
    long most = Long.parseUnsignedLong(sha256.substring(0, 16), 16);
    long least = Long.parseUnsignedLong(sha256.substring(16, 32), 16);
    return new Uuid(most ^ path.hashCode(), least);
  }
}
