package dev.kvasir.sink.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * An Avro container of Kafka records as they were, keys and values in the log's own bytes. One
 * thread's.
 */
final class RecordFile implements AutoCloseable {

  private static final Schema SCHEMA =
      SchemaBuilder.record("LogRecord")
          .namespace("dev.kvasir.archive")
          .doc("A record of the log as it was.")
          .fields()
          .requiredInt("partition")
          .requiredLong("offset")
          .requiredLong("timestamp")
          .optionalBytes("key")
          .optionalBytes("value")
          .endRecord();

  private static final int ZSTD_LEVEL = 3;

  private final Path file;
  private final DataFileWriter<GenericRecord> writer;
  private final RecordDigest digest = new RecordDigest();

  private RecordFile(Path file, DataFileWriter<GenericRecord> writer) {
    this.file = file;
    this.writer = writer;
  }

  static RecordFile create(Path file, String topic, String topicId) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(SCHEMA));
    writer.setCodec(CodecFactory.zstandardCodec(ZSTD_LEVEL));
    writer.setMeta("kvasir.topic", topic);
    writer.setMeta("kvasir.topic.id", topicId);
    writer.create(SCHEMA, file.toFile());
    return new RecordFile(file, writer);
  }

  void append(ConsumerRecord<byte[], byte[]> next) throws IOException {
    GenericRecord row = new GenericData.Record(SCHEMA);
    row.put(0, next.partition());
    row.put(1, next.offset());
    row.put(2, next.timestamp());
    row.put(3, wrapped(next.key()));
    row.put(4, wrapped(next.value()));
    writer.append(row);
    digest.add(next);
  }

  private static @Nullable ByteBuffer wrapped(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }

  long records() {
    return digest.records();
  }

  /** Writes what is open to the disk, reads it again, and describes it. */
  ArchivedPart seal(String path, String topic, String topicId, @Nullable Long run)
      throws IOException {
    writer.close();
    force(file);
    ArchivedPart part = new ArchivedPart(path, topic, topicId, run, digest.records(), digest.hex());
    read(file, part);
    return part;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** Has the system write a file or a folder to the disk. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Reads a part.
   *
   * @throws ArchiveException if it is not what was written
   */
  static List<ConsumerRecord<byte[], byte[]>> read(Path file, ArchivedPart part) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    RecordDigest digest = new RecordDigest();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<GenericRecord>(SCHEMA))) {
      while (reader.hasNext()) {
        ConsumerRecord<byte[], byte[]> next = kafka(part.topic(), reader.next());
        digest.add(next);
        records.add(next);
      }
    } catch (IOException | UncheckedIOException | AvroRuntimeException e) {
      throw new ArchiveException(
          "%s cannot be read (%s); restore it from a copy".formatted(file, e.getMessage()), e);
    }
    if (digest.records() != part.records() || !digest.hex().equals(part.sha256())) {
      throw new ArchiveException(
          "%s holds %d records and is not the file of %d records that the manifest names; restore it from a copy"
              .formatted(file, digest.records(), part.records()));
    }
    return records;
  }

  private static ConsumerRecord<byte[], byte[]> kafka(String topic, GenericRecord row) {
    byte[] key = bytes(row.get(3));
    byte[] value = bytes(row.get(4));
    return new ConsumerRecord<>(
        topic,
        (int) row.get(0),
        (long) row.get(1),
        (long) row.get(2),
        TimestampType.CREATE_TIME,
        key == null ? ConsumerRecord.NULL_SIZE : key.length,
        value == null ? ConsumerRecord.NULL_SIZE : value.length,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  private static byte @Nullable [] bytes(@Nullable Object field) {
    if (field == null) {
      return null;
    }
    ByteBuffer buffer = (ByteBuffer) field;
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
